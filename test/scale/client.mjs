// Clients of a swarm under test (scripts/test-scale.sh). ADDRESSES lists the nodes, whose nginx serves a placeholder certificate.
//   ready                 waits until /readyz succeeds on every node
//   throughput COUNT      compresses a scan COUNT times as background jobs and prints jobs per minute
//   jobs COUNT            sends the scan COUNT times and prints the ids of the jobs
//   ended ID…             waits until all have ended, and prints how many did not succeed
//   load                  sends small requests to the first node until SIGTERM, and prints the outcome
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { scan, jpeg } from '@pdf-tools/harness/samples';
import { form } from '@pdf-tools/harness/http';

const NAME = 'pdf-tools.example';
const PATIENCE_MS = 300_000;
const SCAN_PAGES = 30;
const addresses = process.env.ADDRESSES.split(' ');
const agent = new Agent({ keepAlive: false, rejectUnauthorized: false });

function ask(address, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      host: address,
      port: 443,
      servername: NAME,
      agent,
      path,
      method,
      headers: { host: NAME, ...headers },
    };
    const sent = request(options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode, body: Buffer.concat(parts) }));
    });
    sent.setTimeout(60_000, () => sent.destroy(new Error('no answer for 60 s')));
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends a file and returns the answer. Repeats a request that the rate limit or the queue refused. */
async function post(address, operation, file, query = '?async=true') {
  const message = new globalThis.Response(form([file]));
  const options = { method: 'POST', headers: { 'content-type': message.headers.get('content-type') } };
  const body = Buffer.from(await message.arrayBuffer());
  for (;;) {
    const answer = await ask(address, `/api/${operation}${query}`, { ...options, body });
    if (answer.status !== 429) return answer;
    await sleep(500);
  }
}

async function accepted(address, operation, file) {
  const { status, body } = await post(address, operation, file);
  if (status !== 202) throw new Error(`${operation} is answered with ${status}: ${body}`);
  return JSON.parse(body).id;
}

/** Waits for the end of jobs through any node that answers. Returns how many did not succeed. */
async function failuresOf(ids) {
  let [left, failed] = [[...ids], 0];
  const until = Date.now() + PATIENCE_MS;
  while (left.length > 0 && Date.now() < until) {
    const [id, ...rest] = left;
    const status = await statusOf(id);
    if (status === 'succeeded') left = rest;
    else if (['failed', 'cancelled', 'missing'].includes(status)) {
      failed++;
      left = rest;
    } else await sleep(200);
  }
  return failed + left.length;
}

async function statusOf(id) {
  for (const address of addresses)
    try {
      const { status, body } = await ask(address, `/api/jobs/${id}`);
      if (status === 200) return JSON.parse(body).status;
      if (status === 404) return 'missing';
    } catch {
      // The node is down. The next one answers.
    }
  return 'unknown';
}

const commands = {
  async ready() {
    const until = Date.now() + PATIENCE_MS;
    for (const address of addresses)
      while ((await ask(address, '/readyz').catch(() => ({}))).status !== 200) {
        if (Date.now() > until) throw new Error(`${address} is not ready in time`);
        await sleep(500);
      }
  },

  async throughput(count) {
    const file = { name: 'scan.pdf', bytes: await scan(SCAN_PAGES), field: 'file' };
    const began = Date.now();
    const ids = [];
    for (let i = 0; i < Number(count); i++) ids.push(await accepted(addresses[0], 'compress-pdf', file));
    const failed = await failuresOf(ids);
    if (failed > 0) throw new Error(`${failed} jobs did not succeed`);
    console.log(((Number(count) * 60_000) / (Date.now() - began)).toFixed(2));
  },

  async jobs(count) {
    const file = { name: 'scan.pdf', bytes: await scan(SCAN_PAGES), field: 'file' };
    for (let i = 0; i < Number(count); i++) console.log(await accepted(addresses[0], 'compress-pdf', file));
  },

  async ended(...ids) {
    console.log(await failuresOf(ids));
  },

  async load() {
    const photo = { name: 'a.jpg', bytes: await jpeg() };
    let [total, stopped] = [0, false];
    const failures = [];
    process.once('SIGTERM', () => (stopped = true));
    while (!stopped) {
      const { status } = await post(addresses[0], 'image-to-pdf', photo, '').catch((error) => ({
        status: error.message,
      }));
      total++;
      if (status !== 200 && status !== 202) failures.push(status);
      await sleep(150);
    }
    console.log(JSON.stringify({ total, failed: failures.length, failures: failures.slice(0, 5) }));
  },
};

const [command, ...words] = process.argv.slice(2);
await commands[command](...words);
agent.destroy();
