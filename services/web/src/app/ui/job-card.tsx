import { cancelJob, dismissJob } from '../model/jobs.js';
import type { ListedJob } from '../model/jobs.js';
import { formatBytes } from '../text/format.js';
import { operationText, t } from '../text/index.js';
import { Button, IconButton } from './button.js';
import { Icon } from './icon.js';
import { Message, ProblemText } from './message.js';
import { Result } from './result.js';

/** Returns the name of a job in words. */
function jobName({ operation, names }: ListedJob): string {
  const [first = ''] = names;
  const name = names.length > 1 ? t().jobs.andMore(first, names.length - 1) : first;
  return t().jobs.label(operationText(operation).name, name);
}

/** One job, from its upload to its result. */
export function JobCard({ listed }: { listed: ListedJob }) {
  const { phase, job, problem, isConnected } = listed;
  const isRunning = phase === 'uploading' || phase === 'following';
  const result = phase === 'ended' ? job?.result : undefined;
  return (
    <li class={`job ${problem ? 'has-problem' : ''}`} aria-label={jobName(listed)}>
      <div class="job-head">
        <JobState listed={listed} />
        <h3 class="job-name">{jobName(listed)}</h3>
        <CloseButton listed={listed} isRunning={isRunning} />
      </div>
      {isRunning && <Progress listed={listed} />}
      {!isConnected && isRunning && (
        <p class="offline">
          <Icon name="offline" /> {t().jobs.offline}
        </p>
      )}
      {problem && (
        <Message kind="error">
          <ProblemText code={problem.code} detail={problem.detail} requestId={problem.request_id} />
        </Message>
      )}
      {result && <Result listed={listed} result={result} expiresAt={job?.expires_at ?? undefined} />}
      <GoneText phase={phase} />
    </li>
  );
}

/** Cancels a job that runs, and removes one that has ended from the list. */
function CloseButton({ listed, isRunning }: { listed: ListedJob; isRunning: boolean }) {
  if (isRunning)
    return (
      <Button
        kind="quiet"
        icon="close"
        onClick={() => {
          void cancelJob(listed);
        }}
      >
        {t().jobs.cancel}
      </Button>
    );
  return (
    <IconButton
      icon="close"
      label={t().list.of(jobName(listed), t().jobs.dismiss)}
      onClick={() => {
        dismissJob(listed);
      }}
    />
  );
}

function GoneText({ phase }: { phase: ListedJob['phase'] }) {
  if (phase === 'deleted') return <p class="soft">{t().result.removed}</p>;
  return phase === 'gone' ? <p class="soft">{t().jobs.goneText}</p> : null;
}

function JobState({ listed: { phase, problem, operation } }: { listed: ListedJob }) {
  if (problem) return <Badge kind="bad" icon="alert" text={t().jobs.failed} />;
  switch (phase) {
    case 'ended':
      return <Badge kind="good" icon="check" text={operationText(operation).done} />;
    case 'cancelled':
      return <Badge kind="off" icon="close" text={t().jobs.cancelled} />;
    case 'gone':
    case 'deleted':
      return <Badge kind="off" icon="remove" text={t().jobs.gone} />;
    case 'refused':
      return <Badge kind="bad" icon="alert" text={t().jobs.failed} />;
    case 'uploading':
    case 'following':
      return null;
  }
}

function Badge({
  kind,
  icon,
  text,
}: {
  kind: 'good' | 'bad' | 'off';
  icon: 'check' | 'alert' | 'close' | 'remove';
  text: string;
}) {
  return (
    <span class={`badge ${kind}`}>
      <Icon name={icon} />
      {text}
    </span>
  );
}

/** The upload, then the place in the queue, then the stage of the work. */
function Progress({ listed }: { listed: ListedJob }) {
  const percent = percentOf(listed);
  return (
    <div class="progress">
      <progress max={100} value={percent} aria-label={t().jobs.progress(jobName(listed))} />
      <p class="small soft" aria-live="polite">
        {stateText(listed)}
      </p>
    </div>
  );
}

function percentOf({ phase, sentBytes, totalBytes, job }: ListedJob): number | undefined {
  if (phase === 'uploading') return totalBytes > 0 ? (100 * sentBytes) / totalBytes : 0;
  return job?.status === 'active' ? job.progress.percent : undefined;
}

function stateText({ phase, sentBytes, totalBytes, job }: ListedJob): string {
  const { jobs } = t();
  if (phase === 'uploading') {
    const percent = totalBytes > 0 ? Math.round((100 * sentBytes) / totalBytes) : 0;
    return jobs.uploading(percent, formatBytes(sentBytes), formatBytes(totalBytes));
  }
  if (job?.status === 'active') {
    const { stage, percent } = job.progress;
    const attempt = job.attempts > 1 ? ` · ${jobs.again(job.attempts)}` : '';
    return jobs.running(jobs.stages[stage] ?? stage, percent) + attempt;
  }
  if (typeof job?.queue_position !== 'number') return jobs.waiting;
  return job.queue_position === 0 ? jobs.next : jobs.before(job.queue_position);
}
