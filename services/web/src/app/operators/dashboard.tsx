import { formatBytes, formatDuration } from '../text/format.js';
import { language } from '../text/index.js';
import { Message } from '../ui/message.js';
import { TabList } from '../ui/tab-list.js';
import type { Overview, Worker } from './api.js';
import { CancelDialog, JobTable } from './jobs.js';
import { JobSearch } from './search.js';
import { openTab, outcome, refreshError, state } from './state.js';
import type { Tab } from './state.js';
import { Table } from './table.js';
import { texts } from './text.js';

/** The state of the service, with what an operator can do about its jobs. */
export function Dashboard() {
  const { value } = state;
  const text = texts();
  return (
    <>
      <Notices />
      {!value && <p class="soft">{text.loading}</p>}
      {value && (
        <>
          <Figures overview={value.overview} />
          <JobSearch />
          <JobTabs />
          <section>
            <h2>{text.workers}</h2>
            <Workers workers={value.workers} />
          </section>
          <section>
            <h2>{text.failed}</h2>
            <JobTable kind="failed" label={text.failed} jobs={value.failed} empty={text.empty.failed} />
          </section>
          <p class="small soft">{text.updated(value.updatedAt.toLocaleTimeString(language.value))}</p>
        </>
      )}
      <CancelDialog />
    </>
  );
}

function Notices() {
  const done = outcome.value;
  return (
    <>
      {refreshError.value !== '' && (
        <Message kind="error">
          <p>{texts().refreshFailed}</p>
          <p class="small" lang="en">
            {refreshError.value}
          </p>
        </Message>
      )}
      {done && (
        <Message kind={done.kind}>
          <p>{done.text}</p>
        </Message>
      )}
    </>
  );
}

function JobTabs() {
  const text = texts();
  const { value } = state;
  if (!value) return null;
  const open = openTab.value;
  const { counts } = value.overview;
  const tabs: readonly (readonly [Tab, number])[] = [
    ['waiting', counts.queued],
    ['running', counts.active],
    ['dead', counts.dead],
  ];
  return (
    <section>
      <TabList
        label={text.tabs}
        tabs={tabs.map(([name, count]) => ({ name, label: `${text[name]} (${count})` }))}
        open={open}
        panelId="jobs"
        onOpen={(name) => {
          openTab.value = name as Tab;
        }}
      />
      <div id="jobs" role="tabpanel" aria-labelledby={`tab-${open}`} tabIndex={0}>
        <JobTable kind={open} label={text[open]} jobs={value[open]} empty={text.empty[open]} />
      </div>
    </section>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const { counts, disk, build } = overview;
  const text = texts().figures;
  const figures: readonly (readonly [title: string, value: string, note?: string])[] = [
    [text.waiting, String(counts.queued), formatBytes(overview.queued_bytes)],
    [text.oldest, counts.queued > 0 ? formatDuration(Math.round(overview.oldest_queued_seconds)) : '–'],
    [text.running, String(counts.active)],
    [text.rate, String(overview.jobs_per_minute), text.finished(counts.finished)],
    [text.dead, String(counts.dead)],
    [text.disk, disk ? formatBytes(disk.free) : text.unknown, disk ? text.of(formatBytes(disk.total)) : ''],
    [text.version, build.version, `${build.revision.slice(0, 12)}, Node ${build.node}`],
  ];
  return (
    <dl class="figures" aria-label={text.label}>
      {figures.map(([title, value, note = '']) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            {value}
            {note !== '' && <span class="small soft">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Workers({ workers }: { workers: readonly Worker[] }) {
  const { columns, empty, workers: label, ago, of } = texts();
  const memoryOf = ({ children = [] }: Worker): number =>
    children.reduce((sum, { rss_bytes: bytes }) => sum + bytes, 0);
  const secondsSince = (time: string): number => Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1_000));
  return (
    <Table
      label={label}
      rows={workers}
      keyOf={({ name }) => name}
      empty={empty.workers}
      columns={[
        { head: columns.worker, cell: ({ name }) => <code>{name}</code> },
        { head: columns.running, cell: ({ jobs, concurrency = 0 }) => of(jobs.length, concurrency) },
        { head: columns.done, cell: ({ jobs_done: done = 0 }) => done },
        {
          head: columns.children,
          cell: (worker) => `${worker.children?.length ?? 0} (${formatBytes(memoryOf(worker))})`,
        },
        { head: columns.sandbox, cell: ({ sandbox = '–' }) => sandbox },
        { head: columns.version, cell: ({ version = '–' }) => version },
        { head: columns.seen, cell: ({ seen_at: time }) => ago(formatDuration(secondsSince(time))) },
      ]}
    />
  );
}
