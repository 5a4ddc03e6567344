import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST, HTTPS_PORT, NAME } from '../tls/stack.js';
import { Load, smallPost } from '../tls/load.js';

/**
 * The clients of a server under test (scripts/test-server.sh):
 *   load            sends steady load until SIGTERM, then prints the outcome as a line of JSON
 *   jobs COUNT      sends background jobs, one after the other, and prints the id of each
 *   ended ID…       waits until all have succeeded and prints how many were lost
 *   healthy         waits until /health and a job's round trip succeed
 * CA_FILE is the certificate authority's certificate. STACK_HOST, HTTPS_PORT and SERVER_NAME name the server.
 */
const ca = await readFile(process.env.CA_FILE ?? '', 'utf8');
const agent = new Agent({ ca, keepAlive: false });
const PATIENCE_MS = 180_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(path: string, method = 'GET', headers: Record<string, string> = {}, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: HOST, port: HTTPS_PORT, servername: NAME, agent, path, method };
    const sent = request({ ...options, headers: { host: NAME, ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
      });
    });
    sent.setTimeout(20_000, () => sent.destroy(new Error('no answer for 20 s')));
    sent.once('error', reject);
    sent.end(body);
  });
}

async function load(): Promise<void> {
  const clients = new Load(ca);
  await clients.start();
  await new Promise((resolve) => process.once('SIGTERM', resolve));
  const { requests, repeated, failures } = await clients.stop();
  const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify({ total, failed: failures.length, repeated, first: failures.slice(0, 5) }));
}

/** Accepts a background job and returns its id. Throws if the response is not 202. */
async function accept(): Promise<string> {
  const { path, headers, body } = await smallPost();
  const { status, text } = await ask(path, 'POST', { ...headers, prefer: 'respond-async' }, body);
  if (status !== 202) throw new Error(`${status}: ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

async function jobs(count: number): Promise<void> {
  for (let i = 0; i < count; i++) console.log(await accept());
}

async function succeeded(id: string): Promise<boolean> {
  const { status, text } = await ask(`/api/jobs/${id}`).catch(() => ({ status: 0, text: '' }));
  return status === 200 && (JSON.parse(text) as { status: string }).status === 'succeeded';
}

async function ended(ids: readonly string[]): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  let left = [...ids];
  while (left.length > 0 && Date.now() < until) {
    const states = await Promise.all(left.slice(0, 20).map(succeeded));
    left = left.filter((_id, i) => states[i] !== true);
    if (left.length > 0) await sleep(250);
  }
  console.log(left.length);
}

async function healthy(): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const { status } = await ask('/readyz').catch(() => ({ status: 0 }));
    if (status === 200) return;
    await sleep(100);
  }
  throw new Error('not healthy in time');
}

const [command, ...words] = process.argv.slice(2);
if (command === 'load') await load();
else if (command === 'jobs') await jobs(Number(words[0]));
else if (command === 'ended') await ended(words);
else if (command === 'healthy') await healthy();
else throw new Error('load, jobs, ended or healthy');
agent.destroy();
