#!/usr/bin/env node
// Usage: operator.mjs jobs|workers|events|dead-letters|retry|log-level
// Prints the admin API's responses as tables, or as JSON if JSON=1. STATUS, LIMIT and ID select jobs. operator.sh also runs
// it in a container of the api, so it imports only modules of Node.
import { readFileSync } from 'node:fs';
import { TextDecoderStream } from 'node:stream/web';
import { URLSearchParams } from 'node:url';

const {
  ADMIN_KEY,
  ADMIN_KEY_FILE,
  ADMIN_PORT = '8001',
  STATUS,
  LIMIT,
  ID,
  LEVEL,
  SERVICE,
  JSON: AS_JSON,
  UNTIL_STDIN_ENDS,
} = process.env;
const asJson = AS_JSON === '1';
// `dead` is the former name of `dead-letters`.
const command = process.argv.at(-1) === 'dead' ? 'dead-letters' : process.argv.at(-1);

const COMMANDS = {
  jobs: async () => show(await call(`jobs?${query({ status: STATUS, limit: LIMIT })}`), printJobs),
  workers: async () => show(await call('workers'), printWorkers),
  'dead-letters': async () => show(await call(`dead?${query({ limit: LIMIT })}`), printDeadLetters),
  retry: async () => {
    if (!ID) fail('Set ID to the id of the job, or to its first 6 or more digits.');
    show(await call(`dead/${encodeURIComponent(ID)}/retry`, 'POST'), ({ id }) => print(`Job ${id} is queued again.`));
  },
  'log-level': async () => {
    if (!LEVEL)
      fail(
        'Set LEVEL to error, warn, info or debug, or to configured to restore the configured level. SERVICE selects a service.',
      );
    show(await call(`log-level?${query({ level: LEVEL, service: SERVICE })}`, 'POST'), printLevel);
  },
  events: follow,
};

if (!Object.hasOwn(COMMANDS, command)) fail(`The command must be one of: ${Object.keys(COMMANDS).join(', ')}.`);
process.stdout.on('error', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
if (UNTIL_STDIN_ENDS) process.stdin.on('end', () => process.exit(0)).resume();
await COMMANDS[command]();
process.stdin.destroy();

function key() {
  if (ADMIN_KEY) return ADMIN_KEY;
  try {
    return readFileSync(ADMIN_KEY_FILE ?? '', 'utf8').trim();
  } catch {
    return fail(
      ADMIN_KEY_FILE
        ? `The admin key cannot be read from ${ADMIN_KEY_FILE}. Run "make up" to create it.`
        : 'Set ADMIN_KEY_FILE to the file with the admin key.',
    );
  }
}

async function ask(path, method = 'GET') {
  const headers = { Authorization: `Bearer ${key()}` };
  const response = await fetch(`http://127.0.0.1:${ADMIN_PORT}/admin/api/${path}`, { method, headers }).catch((error) =>
    fail(
      `The admin listener does not answer on port ${ADMIN_PORT} (${error.cause?.code ?? error.message}). Check that the api runs.`,
    ),
  );
  if (response.ok) return response;
  const { title = response.statusText, detail = '' } = await response.json().catch(() => ({}));
  return fail(`${title}: ${detail}`);
}

async function call(path, method) {
  return (await ask(path, method)).json();
}

/** Prints changes of jobs as they happen, until the stream ends or the user stops it. */
async function follow() {
  const response = await ask('events');
  let rest = '';
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data) show(JSON.parse(data), printEvent);
      }
    }
  } catch {
    // An interrupted stream has ended too.
  }
  fail('The stream has ended because the api stopped. Run the command again.');
}

function printEvent({ time, id = '', status = 'changes were lost while Redis was unavailable', percent, stage }) {
  const progress = percent === undefined ? '' : `${String(percent).padStart(3)} % ${stage ?? ''}`;
  print(`${clock(time)}  ${id}  ${status.padEnd(10)}${progress}`.trimEnd());
}

function printJobs({ counts, jobs, complete }) {
  const { queued, active, finished, dead } = counts;
  print(`${queued} queued, ${active} active, ${finished} finished (${dead} of them failed permanently)`);
  table(
    ['ID', 'OPERATION', 'STATUS', 'AGE', 'STAGE', '%', 'ATTEMPTS', 'INPUT', 'WORKER', 'OWNER', 'ERROR'],
    jobs.map((job) => [
      ...[job.id, job.operation, job.status, age(job.age_seconds), job.progress.stage, job.progress.percent],
      ...[attemptsOf(job), size(job.inputs.bytes)],
      ...[job.worker ?? '', job.owner, job.error?.code ?? ''],
    ]),
  );
  if (!complete) print('There may be more jobs. LIMIT=500 shows the maximum.');
}

function printWorkers({ workers }) {
  if (workers.length === 0) print('No worker is running.');
  for (const worker of workers) {
    const { name, host, pid, version, started_at: started, concurrency, jobs_done: done, jobs, children = [] } = worker;
    const facts = [`host ${host}`, `pid ${pid}`, `version ${version}`, `up ${age(since(started))}`];
    const work = [
      `runs ${jobs.length} of ${concurrency} jobs`,
      `${done} done`,
      `seen ${age(since(worker.seen_at))} ago`,
    ];
    print(`${name}: ${[...facts, ...work].join(', ')}`);
    table(
      ['  CHILD', 'JOBS RUN', 'MEMORY', 'JOB'],
      children.map((child) => [`  ${child.pid}`, child.jobs, size(child.rss_bytes), child.job ?? 'idle']),
    );
    table(
      ['  JOB', 'OPERATION', 'AGE', 'STAGE', '%', 'ATTEMPTS'],
      jobs.map((job) => [
        ...[
          `  ${job.id}`,
          job.operation,
          age(job.age_seconds),
          job.progress.stage,
          job.progress.percent,
          attemptsOf(job),
        ],
      ]),
    );
  }
}

function printLevel({ services, level, seconds }) {
  const until = seconds === null ? '' : `, for ${age(seconds)}`;
  print(`${services.join(', ')}: ${level} within 5 s${until}`);
}

function printDeadLetters({ total, jobs }) {
  print(`${total} failed permanently`);
  table(
    ['ID', 'OPERATION', 'WHEN', 'AGE', 'ATTEMPTS', 'STALLS', 'RETRY', 'ERROR', 'DETAIL'],
    jobs.map((job) => [
      ...[job.id, job.operation, job.dead_at, age(job.age_seconds), job.attempts, job.interruptions],
      ...[job.requeueable ? 'yes' : 'no', job.reason ?? '', job.error?.detail ?? ''],
    ]),
  );
}

/** Returns the number of attempts, and of stalls if there were any. */
function attemptsOf({ attempts, interruptions }) {
  return interruptions > 0 ? `${attempts}+${interruptions}` : String(attempts);
}

function table(head, rows) {
  if (rows.length === 0) return;
  const lines = [head, ...rows.map((row) => row.map((cell) => printable(String(cell))))];
  const widths = head.map((_cell, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines)
    print(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

/** Replaces control characters, because text of clients must not control the terminal. */
function printable(text) {
  return text.replace(/\p{C}/gu, '?');
}

function show(answer, printTable) {
  if (asJson) print(JSON.stringify(answer));
  else printTable(answer);
}

function age(seconds) {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function since(time) {
  return Math.max(0, (Date.now() - Date.parse(time)) / 1_000);
}

function clock(time) {
  return new Date(time).toISOString().slice(11, 23);
}

function size(bytes) {
  if (bytes < 2 ** 10) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${Math.round(bytes / 2 ** 10)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function query(parameters) {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function fail(message) {
  process.stderr.write(`error: ${printable(message)}\n`);
  process.exit(1);
}
