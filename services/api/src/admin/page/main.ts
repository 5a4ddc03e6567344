import { keyStore, request, WrongKey } from './api.js';
import type { DeadLetter, Job, Overview, Worker } from './api.js';
import { byId } from './dom.js';
import { showDeadLetters, showFailed, showJobs, showOverview, showWorkers } from './show.js';

const REFRESH_MS = 3_000;

const [signIn, dashboard] = [byId('sign-in'), byId('dashboard')];
const input = byId('key') as HTMLInputElement;
let timer: number | undefined;

function showMessage(text: string): void {
  byId('message').textContent = text;
}

/** Reads the current state and shows it. */
async function refresh(): Promise<void> {
  const [overview, { workers }, { jobs }, failed, deadLetters] = await Promise.all([
    request<Overview>('overview'),
    request<{ workers: Worker[] }>('workers'),
    request<{ jobs: Job[] }>('jobs?limit=30'),
    request<{ jobs: Job[] }>('jobs?status=failed&limit=20'),
    request<{ jobs: DeadLetter[] }>('dead?limit=50'),
  ]);
  showOverview(overview);
  showWorkers(workers);
  showJobs(jobs.filter(({ status }) => status === 'active' || status === 'queued'));
  showDeadLetters(deadLetters.jobs, (id) => void retry(id));
  const permanent = new Set(deadLetters.jobs.map(({ id }) => id));
  showFailed(failed.jobs.filter(({ id }) => !permanent.has(id)));
  byId('time').textContent = `Updated at ${new Date().toLocaleTimeString()}`;
}

/** Shows the current state, and refreshes it while the tab is visible. */
async function watch(): Promise<void> {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    await refresh();
    signIn.hidden = true;
    dashboard.hidden = false;
    if (byId('message').dataset.kind === 'error') showMessage('');
    timer = setTimeout(() => void watch(), REFRESH_MS);
  } catch (error) {
    fail(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(error: unknown): void {
  byId('message').dataset.kind = 'error';
  if (error instanceof WrongKey) {
    signOut(error.message);
    return;
  }
  showMessage(`Could not refresh: ${messageOf(error)}`);
  timer = setTimeout(() => void watch(), REFRESH_MS);
}

async function retry(id: string): Promise<void> {
  try {
    await request(`dead/${id}/retry`, 'POST');
    byId('message').dataset.kind = 'done';
    showMessage(`Job ${id.slice(0, 12)} is queued again.`);
  } catch (error) {
    byId('message').dataset.kind = 'refused';
    showMessage(`Job ${id.slice(0, 12)} was not queued again: ${messageOf(error)}`);
  }
  await watch();
}

/** Forgets the key and asks for it. */
function signOut(message: string): void {
  clearTimeout(timer);
  keyStore.forget();
  showMessage(message);
  dashboard.hidden = true;
  signIn.hidden = false;
  input.focus();
}

byId('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  keyStore.set(input.value.trim());
  input.value = '';
  showMessage('');
  void watch();
});
byId('sign-out').addEventListener('click', () => {
  signOut('');
});
document.addEventListener('visibilitychange', () => {
  if (keyStore.get() !== '') void watch();
});

if (keyStore.get() === '') signOut('');
else void watch();
