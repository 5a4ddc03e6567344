import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { form } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { Receiver } from '@pdf-tools/harness/receiver';
import { RefusingProxy } from '@pdf-tools/harness/refusing-proxy';
import { jpeg, pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const SECRET = `whsec_${Buffer.alloc(32, 42).toString('base64')}`;
const PROGRAMS: Readonly<Record<string, readonly [command: string, extension: string]>> = {
  curl: ['bash', 'sh'],
  JavaScript: [process.execPath, 'mjs'],
  Python: ['python3', 'py'],
};

/** The examples of jobs in curl contain the events, and curl has an option for retries. */
function languagesOf(name: string): string[] {
  return Object.keys(PROGRAMS).filter((language) => !['events', 'retry'].includes(name) || language !== 'curl');
}

let stack: TestStack;
let folder: string;
let port: number;
let page: string;
let python = 'python3';

beforeAll(async () => {
  // A reserved port of the harness cannot be bound on all addresses, as the examples do.
  const receiver = await Receiver.start();
  ({ port } = receiver);
  receiver.stop();
  stack = await TestStack.start(['api', 'worker', 'scheduler'], {
    WEBHOOK_SECRET: SECRET,
    WEBHOOK_ALLOW_HTTP: 'on',
    WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${port}`,
    SWEEP_INTERVAL_SECONDS: '1',
  });
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  page = await (await fetch(`${stack.url}/docs`)).text();
  folder = mkdtempSync(join(tmpdir(), 'pdf-tools-docs-'));
  const [document, photo] = await Promise.all([pdf(['One', 'Two']), jpeg()]);
  for (const stem of ['first', 'second']) {
    writeFileSync(join(folder, `${stem}.pdf`), document);
    writeFileSync(join(folder, `${stem}.jpg`), photo);
  }
  installRequests();
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Installs the package that the page names, in a folder of this test, unless the system has it. */
function installRequests(): void {
  if (spawnSync('python3', ['-c', 'import requests']).status === 0) return;
  const environment = join(folder, 'python');
  spawnSync('python3', ['-m', 'venv', environment]);
  python = join(environment, 'bin', 'python3');
  const { status, stderr } = spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'requests'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Writes an example as printed on the page to a file. Returns the command that runs it. */
function commandOf(name: string, language: string, origin = stack.url): [command: string, path: string] {
  const opening = `<pre tabindex="0" data-example="${name}" data-language="${language}">`;
  const [, rest = ''] = page.split(opening);
  const [html = ''] = rest.split('</pre>');
  const code = html.replace(/&#(\d+);/g, (_entity, number: string) => String.fromCharCode(Number(number)));
  expect(code).not.toBe('');
  const [command = '', extension = ''] = PROGRAMS[language] ?? [];
  const path = join(folder, `${name}.${extension}`);
  writeFileSync(path, code.replaceAll(stack.url, origin));
  return [language === 'Python' ? python : command, path];
}

function run(name: string, language: string, origin?: string): Promise<{ status: number | null; output: string }> {
  const [command, path] = commandOf(name, language, origin);
  const flags = language === 'curl' ? ['-e'] : [];
  const child = spawn(command, [...flags, path], { cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => {
    child.once('close', (status) => {
      resolve({ status, output });
    });
  });
}

describe('an example of /docs runs as printed', () => {
  it.each(
    Object.entries({
      'image-to-pdf': 'images.pdf',
      'merge-pdf': 'merged.pdf',
      'compress-pdf': 'compressed.pdf',
      job: 'result.pdf',
      events: 'result.pdf',
      retry: 'compressed.pdf',
    }).flatMap(([name, result]) => languagesOf(name).map((language) => [name, language, result] as const)),
  )('%s in %s', async (name, language, result) => {
    const path = join(folder, result);
    rmSync(path, { force: true });
    const { status, output } = await run(name, language);
    expect([status, output]).toEqual([0, expect.any(String)]);
    expect(existsSync(path) && readFileSync(path, 'latin1').slice(0, 5)).toBe('%PDF-');
  });

  it.each(['JavaScript', 'Python'])('the reader of events in %s, when the api restarts meanwhile', async (language) => {
    const path = join(folder, 'result.pdf');
    rmSync(path, { force: true });
    await stack.process('worker').stop();
    const finished = run('events', language);
    const waiting = async () => (await stack.store.backlog()).queued === 1;
    await eventually(waiting, 'the job waits');
    await stack.process('api').stop();
    await stack.startService('api');
    await stack.startService('worker');
    const { status, output } = await finished;
    expect([status, output]).toEqual([0, expect.stringMatching(/^queued[^]*^succeeded 100/m)]);
    expect(existsSync(path)).toBe(true);
  });

  it.each([
    ['events', 'result.pdf', 'JavaScript'],
    ['events', 'result.pdf', 'Python'],
    ['retry', 'compressed.pdf', 'JavaScript'],
    ['retry', 'compressed.pdf', 'Python'],
  ])('%s, which writes %s, in %s, when a first request gets 502', async (name, result, language) => {
    const path = join(folder, result);
    rmSync(path, { force: true });
    const proxy = new RefusingProxy(stack.url, (url) => /\/(?:events|compress-pdf)$/.test(url));
    try {
      const { status, output } = await run(name, language, await proxy.listen());
      expect([status, output]).toEqual([0, expect.any(String)]);
      expect(proxy.refused).toBe(1);
      expect(existsSync(path)).toBe(true);
    } finally {
      proxy.close();
    }
  });

  it.each(['JavaScript', 'Python'])('the receiver of webhooks in %s', async (language) => {
    const [command, path] = commandOf('webhook', language);
    const environment = { ...process.env, WEBHOOK_SECRET: SECRET, PORT: String(port) };
    const receiver: ChildProcess = spawn(command, [path], { cwd: folder, env: environment });
    let output = '';
    receiver.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    const url = `http://127.0.0.1:${port}/`;
    try {
      await eventually(
        () =>
          fetch(url, { method: 'POST', body: '{}' }).then(
            ({ status }) => status === 401,
            () => false,
          ),
        'the receiver refuses a body without a signature',
      );
      const forged = { 'webhook-id': 'a', 'webhook-timestamp': 'soon', 'webhook-signature': 'v1,\u00e9' };
      expect((await fetch(url, { method: 'POST', body: '{}', headers: forged })).status).toBe(401);
      const now = String(Math.floor(Date.now() / 1000));
      const unsigned = { ...forged, 'webhook-timestamp': now };
      expect((await fetch(url, { method: 'POST', body: '{}', headers: unsigned })).status).toBe(401);
      const body = form([{ name: 'a.jpg', bytes: await jpeg() }], { callback_url: url, async: 'true' });
      await fetch(`${stack.url}/api/image-to-pdf`, { method: 'POST', body });
      await eventually(() => Promise.resolve(output.includes('succeeded')), 'the receiver accepts the webhook');
    } finally {
      receiver.kill();
    }
  });
});
