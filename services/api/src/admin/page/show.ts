import type { DeadLetter, Job, Overview, Worker } from './api.js';
import { byId, element, fillTable } from './dom.js';
import { attemptsOf, clock, size, span } from './format.js';

const STATUS_WORDS: Readonly<Record<string, string>> = { queued: 'Waiting', active: 'Running' };

/** Shows the figures at the top. */
export function showOverview({ counts, queued_bytes, disk, build, ...rest }: Overview): void {
  const figures: readonly (readonly [title: string, value: string, note: string])[] = [
    ['Waiting', String(counts.queued), size(queued_bytes)],
    ['Running', String(counts.active), ''],
    ['Oldest waiting', counts.queued > 0 ? span(rest.oldest_queued_seconds) : '–', ''],
    ['Done per minute', String(rest.jobs_per_minute), `${counts.finished} finished jobs kept`],
    ['Failed permanently', String(counts.dead), ''],
    ['Disk free', disk ? size(disk.free) : 'unknown', disk ? `of ${size(disk.total)}` : ''],
    ['Version', build.version, `${build.revision.slice(0, 12)}, Node ${build.node}`],
  ];
  byId('figures').replaceChildren(
    ...figures.map(([title, value, note]) =>
      element('div', {}, element('dt', {}, title), element('dd', {}, value, element('small', {}, note))),
    ),
  );
}

export function showWorkers(workers: readonly Worker[]): void {
  const rows = workers.map(({ name, seen_at, version = '', concurrency = 0, sandbox = '', ...rest }) => {
    const { jobs, jobs_done = 0, children = [] } = rest;
    const memory = children.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0);
    const seen = span(Math.max(0, Math.round((Date.now() - Date.parse(seen_at)) / 1_000)));
    return [
      ...[name, `${jobs.length} of ${concurrency}`, String(jobs_done), `${children.length}, ${size(memory)}`],
      ...[sandbox, version, `${seen} ago`],
    ];
  });
  fillTable(
    'workers',
    ['Worker', 'Running', 'Done', 'Child processes', 'Sandbox', 'Version', 'Last seen'],
    rows,
    'No worker is running.',
  );
}

/** Shows the running and the waiting jobs. */
export function showJobs(jobs: readonly Job[]): void {
  const rows = jobs.map((job) => {
    const { percent, stage } = job.progress;
    const waiting = stage === job.status ? '' : stage;
    const progress = job.status === 'active' ? `${percent} % ${stage}` : waiting;
    return [
      shortId(job.id),
      job.operation,
      STATUS_WORDS[job.status] ?? job.status,
      progress,
      span(job.age_seconds),
      size(job.inputs.bytes),
      attemptsOf(job),
    ];
  });
  fillTable(
    'jobs',
    ['Job', 'Operation', 'Status', 'Progress', 'Since', 'Input', 'Attempts'],
    rows,
    'No job is running or waiting.',
  );
}

export function showFailed(jobs: readonly Job[]): void {
  const rows = jobs.map((job) => [
    ...[shortId(job.id), job.operation, job.finished_at ? clock(job.finished_at) : ''],
    ...[job.error?.code ?? '', job.error?.detail ?? '', attemptsOf(job)],
  ]);
  fillTable('failed', ['Job', 'Operation', 'When', 'Error', 'Detail', 'Attempts'], rows, 'No job failed recently.');
}

/** Shows the jobs that failed permanently. `retry` queues one again. */
export function showDeadLetters(jobs: readonly DeadLetter[], retry: (id: string) => void): void {
  const rows = jobs.map((job) => {
    const id = job.id.slice(0, 12);
    const button = element('button', { type: 'button', 'aria-label': `Retry job ${id}` }, 'Retry');
    button.addEventListener('click', () => {
      retry(job.id);
    });
    const why = [job.reason ?? '', job.error?.detail ?? ''];
    return [
      shortId(job.id),
      job.operation,
      clock(job.dead_at),
      ...why,
      attemptsOf(job),
      job.requeueable ? button : 'not possible',
    ];
  });
  fillTable(
    'dead',
    ['Job', 'Operation', 'When', 'Error', 'Detail', 'Attempts', 'Queue again'],
    rows,
    'No job failed permanently.',
  );
}

/** Returns the part of an id that logs show. Without API keys the complete id would give access to the job. */
function shortId(id: string): HTMLElement {
  return element('code', {}, id.slice(0, 12));
}
