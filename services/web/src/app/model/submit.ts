import { t } from '../text/index.js';
import type { Problem } from '../api/types.js';
import { announce } from './announce.js';
import type { Draft } from './draft.js';
import { dismissJob, jobs, startJob } from './jobs.js';
import { isPerFile } from './operation.js';
import { requestsOf } from './request-form.js';
import type { JobRequest } from './request-form.js';

/** Starts the jobs of a draft. The files stay in the draft, so that an error can be corrected. */
export function submit(draft: Draft): void {
  draft.notice.value = undefined;
  draft.optionProblems.value = {};
  for (const entry of draft.entries.value) if (entry.problem) draft.change(entry.id, {});
  // The next attempt replaces one that failed.
  for (const job of jobs.value) if (job.problem && job.operation === draft.operation) dismissJob(job);
  const requests = requestsOf(draft, ({ name }) => resultName(name));
  // The list shows the newest job first.
  for (const request of requests.reverse()) {
    startJob(request, (problem, failed) => {
      showProblem(draft, problem, failed);
    });
  }
}

/** Name of the result that a file gets, if the person gives none. */
function resultName(name: string): string {
  return `${name.replace(/\.pdf$/i, '')}${t().result.suffix}.pdf`;
}

const FILE_CODES = ['password_required', 'password_wrong'];

/** Shows a problem at the files and options that caused it, otherwise at the form. */
function showProblem(draft: Draft, problem: Problem, { operation, entries, files }: JobRequest): void {
  const { code, errors, detail, request_id } = problem;
  announce(t().errors[code].title);
  let isShown = false;
  for (const item of errors) {
    const file = item.index === undefined ? undefined : files[item.index];
    const broken = entries.filter((entry) => file !== undefined && entry.file === file);
    for (const { id } of broken) {
      const locked = FILE_CODES.includes(code);
      draft.change(id, { problem: { code, item }, ...(locked && { locked }) });
    }
    if (broken.length === 0 && item.param !== undefined) {
      draft.optionProblems.value = { ...draft.optionProblems.value, [item.param]: item };
    }
    isShown ||= broken.length > 0;
  }
  if (isShown || isPerFile(operation)) return;
  draft.notice.value = { kind: 'problem', code, detail, requestId: request_id };
}
