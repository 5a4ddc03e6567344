import { ask, keyStore, WrongKey } from './api.js';
import type { DeadJob, Job, Overview, Worker } from './api.js';
import { byId } from './dom.js';
import { showDead, showFailed, showJobs, showOverview, showWorkers } from './show.js';

const EVERY_MS = 3_000;

const [door, desk] = [byId('door'), byId('desk')];
const input = byId('key') as HTMLInputElement;
let timer: number | undefined;

function say(text: string): void {
  byId('message').textContent = text;
}

/** Reads everything and shows it. */
async function refresh(): Promise<void> {
  const [overview, { workers }, { jobs }, failed, dead] = await Promise.all([
    ask<Overview>('overview'),
    ask<{ workers: Worker[] }>('workers'),
    ask<{ jobs: Job[] }>('jobs?limit=30'),
    ask<{ jobs: Job[] }>('jobs?status=failed&limit=20'),
    ask<{ jobs: DeadJob[] }>('dead?limit=50'),
  ]);
  showOverview(overview);
  showWorkers(workers);
  showJobs(jobs.filter(({ status }) => status === 'active' || status === 'queued'));
  showDead(dead.jobs, (id) => void retry(id));
  const given = new Set(dead.jobs.map(({ id }) => id));
  showFailed(failed.jobs.filter(({ id }) => !given.has(id)));
  byId('time').textContent = `as of ${new Date().toLocaleTimeString()}`;
}

/** Shows what is now, and again and again while somebody can see it. */
async function watch(): Promise<void> {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    await refresh();
    door.hidden = true;
    desk.hidden = false;
    if (byId('message').dataset.kind === 'error') say('');
    timer = setTimeout(() => void watch(), EVERY_MS);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  byId('message').dataset.kind = 'error';
  if (error instanceof WrongKey) {
    leave(error.message);
    return;
  }
  say(`Not up to date: ${error instanceof Error ? error.message : String(error)}`);
  timer = setTimeout(() => void watch(), EVERY_MS);
}

async function retry(id: string): Promise<void> {
  try {
    await ask(`dead/${id}/retry`, 'POST');
    byId('message').dataset.kind = 'done';
    say(`Job ${id.slice(0, 12)} waits again.`);
  } catch (error) {
    byId('message').dataset.kind = 'refused';
    say(`Job ${id.slice(0, 12)} was not put back: ${error instanceof Error ? error.message : String(error)}`);
  }
  await watch();
}

/** Forgets the key and asks for one. */
function leave(message: string): void {
  clearTimeout(timer);
  keyStore.forget();
  say(message);
  desk.hidden = true;
  door.hidden = false;
  input.focus();
}

byId('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  keyStore.set(input.value.trim());
  input.value = '';
  say('');
  void watch();
});
byId('leave').addEventListener('click', () => {
  leave('');
});
document.addEventListener('visibilitychange', () => {
  if (keyStore.get() !== '') void watch();
});

if (keyStore.get() === '') leave('');
else void watch();
