import type { DeadJob, Job, Overview, Worker } from './api.js';
import { byId, element, fillTable } from './dom.js';
import { clock, size, span, tries } from './format.js';

/** The figures at the top. */
export function showOverview({ counts, queued_bytes, disk, build, ...rest }: Overview): void {
  const figures: readonly (readonly [title: string, value: string, note: string])[] = [
    ['Waiting', String(counts.queued), size(queued_bytes)],
    ['At work', String(counts.active), ''],
    ['Oldest waiting', counts.queued > 0 ? span(rest.oldest_queued_seconds) : '–', ''],
    ['Per minute', String(rest.jobs_per_minute), `${counts.finished} kept`],
    ['Given up', String(counts.dead), ''],
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
    ['Worker', 'At work', 'Done', 'Children', 'Sandbox', 'Version', 'Seen'],
    rows,
    'No worker is alive.',
  );
}

/** What is at work and what waits. */
export function showJobs(jobs: readonly Job[]): void {
  const rows = jobs.map((job) => {
    const { percent, stage } = job.progress;
    const waiting = stage === job.status ? '' : stage;
    const progress = job.status === 'active' ? `${percent} % ${stage}` : waiting;
    return [
      shortId(job.id),
      job.operation,
      job.status,
      progress,
      span(job.age_seconds),
      size(job.inputs.bytes),
      tries(job),
    ];
  });
  fillTable('jobs', ['Job', 'Operation', 'Status', 'Progress', 'For', 'Input', 'Tries'], rows, 'Nothing waits.');
}

export function showFailed(jobs: readonly Job[]): void {
  const rows = jobs.map((job) => [
    ...[shortId(job.id), job.operation, job.finished_at ? clock(job.finished_at) : ''],
    ...[job.error?.code ?? '', job.error?.detail ?? '', tries(job)],
  ]);
  fillTable('failed', ['Job', 'Operation', 'When', 'Reason', 'Detail', 'Tries'], rows, 'Nothing has failed of late.');
}

/** The jobs that were given up; `retry` puts one back. */
export function showDead(jobs: readonly DeadJob[], retry: (id: string) => void): void {
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
      tries(job),
      job.requeueable ? button : 'no longer',
    ];
  });
  fillTable('dead', ['Job', 'Operation', 'When', 'Reason', 'Detail', 'Tries', 'Again'], rows, 'No job was given up.');
}

/** Enough of an id to find it in the logs; the whole one is all that is needed to read a job without a key. */
function shortId(id: string): HTMLElement {
  return element('code', {}, id.slice(0, 12));
}
