import type { ComponentChildren } from 'preact';
import { signal } from '@preact/signals';
import { formatBytes, formatDuration } from '../text/format.js';
import { language, operationText, t } from '../text/index.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import type { DeadLetter, Job } from './api.js';
import { cancelJob, retryJob } from './state.js';
import type { Tab } from './state.js';
import { Table } from './table.js';
import type { Column } from './table.js';
import { texts } from './text.js';

/** The job that the dialog asks about. */
const cancelling = signal<Job | undefined>(undefined);

/** The part of an id that logs show. Without API keys the whole id would give access to the job. */
function shortId(id: string): string {
  return id.slice(0, 12);
}

/** A point in time in the reader's time zone and language. */
function formatTime(iso: string): string {
  return new Date(iso).toLocaleString(language.value, { dateStyle: 'short', timeStyle: 'medium' });
}

const column = (head: string, cell: (job: Job) => ComponentChildren): Column<Job> => ({ head, cell });

const id = () => column(texts().columns.job, (job) => <code>{shortId(job.id)}</code>);
const operation = () => column(texts().columns.operation, (job) => operationText(job.operation).name);
const since = () => column(texts().columns.since, ({ age_seconds: seconds }) => formatDuration(Math.round(seconds)));
const input = () =>
  column(texts().columns.input, ({ inputs: { files, bytes } }) => texts().files(files, formatBytes(bytes)));
const attempts = () => column(texts().columns.attempts, (job) => texts().attempts(job.attempts, job.interruptions));
const owner = () => column(texts().columns.owner, (job) => (job.owner === '' ? '–' : job.owner));
const finished = () =>
  column(texts().columns.when, ({ finished_at: time }) => (time === null ? '–' : formatTime(time)));
const status = () => column(texts().columns.status, (job) => texts().statuses[job.status]);
const progress = () => column(texts().columns.progress, (job) => <JobProgress job={job} />);
const worker = () => column(texts().columns.worker, (job) => job.worker ?? '–');
const error = () => column(texts().columns.error, (job) => <JobError job={job} />);
const action = () => column(texts().columns.actions, (job) => <JobAction job={job} />);

function JobProgress({ job }: { job: Job }) {
  const { percent, stage } = job.progress;
  return (
    <>
      <progress max={100} value={percent} aria-label={`${texts().columns.progress}: ${shortId(job.id)}`} />
      <span class="small soft">{t().jobs.running(t().jobs.stages[stage] ?? stage, percent)}</span>
    </>
  );
}

function JobError({ job: { error: problem } }: { job: Job }) {
  if (problem === null) return <>–</>;
  return (
    <>
      <code>{problem.code}</code>
      <span class="small" lang="en">
        {problem.detail}
      </span>
    </>
  );
}

/** What an operator can do with a job: cancel it, or queue it again. */
function JobAction({ job }: { job: Job | DeadLetter }) {
  if (job.status === 'queued' || job.status === 'active')
    return (
      <Button
        kind="danger"
        label={texts().cancelJob(shortId(job.id))}
        onClick={() => {
          cancelling.value = job;
        }}
      >
        {texts().cancel}
      </Button>
    );
  if (!('dead_at' in job)) return <>–</>;
  if (!job.requeueable) return <span class="small soft">{texts().notRequeueable}</span>;
  return (
    <Button label={texts().retryJob(shortId(job.id))} onClick={() => void retryJob(job)}>
      {texts().retry}
    </Button>
  );
}

const COLUMNS: Readonly<Record<Tab | 'failed' | 'found', () => readonly Column<Job>[]>> = {
  waiting: () => [id(), operation(), since(), input(), attempts(), owner(), action()],
  running: () => [id(), operation(), progress(), since(), input(), worker(), attempts(), owner(), action()],
  dead: () => [id(), operation(), finished(), error(), attempts(), owner(), action()],
  failed: () => [id(), operation(), finished(), error(), attempts(), owner()],
  found: () => [id(), operation(), status(), since(), input(), error(), attempts(), owner(), action()],
};

interface JobTableProps {
  readonly kind: keyof typeof COLUMNS;
  readonly label: string;
  readonly jobs: readonly Job[];
  readonly empty: string;
}

export function JobTable({ kind, label, jobs, empty }: JobTableProps) {
  return <Table label={label} columns={COLUMNS[kind]()} rows={jobs} keyOf={({ id: key }) => key} empty={empty} />;
}

/** Asks before a job is cancelled, because its files are deleted. */
export function CancelDialog() {
  const job = cancelling.value;
  if (!job) return null;
  const close = (): void => {
    cancelling.value = undefined;
  };
  const { confirm } = texts();
  return (
    <Dialog title={confirm.title(shortId(job.id))} onClose={close}>
      <div class="stack">
        <p>{confirm.text}</p>
        <div class="dialog-actions">
          <Button onClick={close}>{confirm.no}</Button>
          <Button
            kind="danger"
            onClick={() => {
              close();
              void cancelJob(job);
            }}
          >
            {confirm.yes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
