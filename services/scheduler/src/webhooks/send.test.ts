import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { webhookPolicy } from '@pdf-tools/jobs/webhook-config';
import type { ResolvedAddress } from './address.js';
import { sendPost } from './send.js';

const HERE: ResolvedAddress = { address: '127.0.0.1', family: 4 };
const never = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const serve = (listener: RequestListener) => listen(createServer(listener));

function allow(...hosts: string[]) {
  return webhookPolicy({ WEBHOOK_ALLOW_HTTP: true, WEBHOOK_ALLOWED_HOSTS: hosts.join(','), WEBHOOK_PORTS: '' });
}

const post = (url: string) => ({ url, headers: { 'x-mark': 'kept' }, body: '{"ä":1}' });

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('sendPost', () => {
  it('posts body and headers and returns the status', async () => {
    const seen: unknown[] = [];
    const port = await serve((req, res) => {
      void bodyOf(req).then((body) => {
        seen.push([req.method, req.url, req.headers['x-mark'], req.headers['content-length'], body]);
        res.writeHead(204).end();
      });
    });
    const policy = allow(`127.0.0.1:${port}`);
    expect(await sendPost(post(`http://127.0.0.1:${port}/in?a=1#x`), { policy, signal: never })).toBe(204);
    expect(seen).toEqual([['POST', '/in?a=1', 'kept', '8', '{"ä":1}']]);
  });

  it('connects to the address that was checked when the name resolves to another one later', async () => {
    let asked = 0;
    const seen: (string | undefined)[] = [];
    const port = await serve((req, res) => {
      seen.push(req.headers.host);
      res.end();
    });
    const resolve = (): Promise<ResolvedAddress[]> =>
      Promise.resolve([++asked === 1 ? HERE : { address: '192.0.2.1', family: 4 }]);
    const options = { policy: allow(`receiver.example:${port}`), signal: never, resolve };
    expect(await sendPost(post(`http://receiver.example:${port}/`), options)).toBe(200);
    expect(asked).toBe(1);
    expect(seen).toEqual([`receiver.example:${port}`]);
  });

  it('never connects if a public name resolves to this host', async () => {
    let calls = 0;
    const port = await serve((_req, res) => {
      calls++;
      res.end();
    });
    const policy = { ...allow(), ports: new Set([port]) };
    const resolve = () => Promise.resolve([HERE]);
    const sent = sendPost(post(`http://receiver.example:${port}/`), { policy, signal: never, resolve });
    await expect(sent).rejects.toThrow('must have a public address');
    expect(calls).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect and returns %i', async (status) => {
    const seen: unknown[] = [];
    let location = '';
    const port = await serve((req, res) => {
      seen.push(req.url);
      res.writeHead(status, { location }).end();
    });
    const policy = allow(`127.0.0.1:${port}`);
    for (location of [
      `http://127.0.0.1:${port}/other`,
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
    ])
      expect(await sendPost(post(`http://127.0.0.1:${port}/`), { policy, signal: never })).toBe(status);
    expect(seen).toEqual(['/', '/', '/']);
  });

  it('returns before the response ends, and closes an endless one', async () => {
    let note: () => void;
    const closed = new Promise<void>((resolve) => {
      note = resolve;
    });
    const port = await serve((_req, res) => {
      res.writeHead(200);
      const timer = setInterval(() => res.write(Buffer.alloc(16_384)), 1);
      res.once('close', () => {
        clearInterval(timer);
        note();
      });
    });
    const policy = allow(`127.0.0.1:${port}`);
    expect(await sendPost(post(`http://127.0.0.1:${port}/`), { policy, signal: never })).toBe(200);
    await closed;
  });

  it('ends when it is aborted, also while a name is resolved', async () => {
    const port = await serve(() => undefined);
    const policy = allow(`127.0.0.1:${port}`, 'slow.example');
    const silent = sendPost(post(`http://127.0.0.1:${port}/`), { policy, signal: AbortSignal.timeout(100) });
    await expect(silent).rejects.toThrow('no response in time');
    const resolve = () => new Promise<never>(() => undefined);
    const slow = sendPost(post('http://slow.example/'), { policy, signal: AbortSignal.timeout(100), resolve });
    await expect(slow).rejects.toThrow('no response in time');
  });

  it('rejects when the receiver hangs up or asks for another protocol', async () => {
    const port = await serve((req, res) => {
      if (req.url === '/upgrade')
        res.socket?.end('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
      else req.socket.destroy();
    });
    const policy = allow(`127.0.0.1:${port}`);
    for (const path of ['hang-up', 'upgrade'])
      await expect(sendPost(post(`http://127.0.0.1:${port}/${path}`), { policy, signal: never })).rejects.toThrow(/./);
  });
});

describe('sendPost over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=receiver.example', '-addext', 'subjectAltName=DNS:receiver.example'];
  execFileSync('openssl', ['req', ...options, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(certificate) };
  rmSync(folder, { recursive: true });

  async function send(host: string, ca?: Buffer) {
    const seen: unknown[] = [];
    const server = createSecureServer(pair, (req, res) => {
      seen.push([(req.socket as TLSSocket & { servername?: string }).servername, req.headers.host]);
      res.end();
    });
    const port = await listen(server);
    const resolve = () => Promise.resolve([HERE]);
    const send = (path: string) =>
      sendPost(post(`https://${host}:${port}${path}`), {
        policy: allow(`${host}:${port}`),
        signal: never,
        resolve,
        ...(ca && { ca }),
      });
    return { seen, port, send };
  }

  it('keeps the name for SNI, certificate and Host, while the address is pinned', async () => {
    const { seen, port, send: to } = await send('receiver.example', pair.cert);
    expect(await to('/')).toBe(200);
    expect(seen).toEqual([['receiver.example', `receiver.example:${port}`]]);
  });

  it('refuses a certificate of another name or of an unknown authority', async () => {
    const other = await send('other.example', pair.cert);
    await expect(other.send('/')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const unknown = await send('receiver.example');
    await expect(unknown.send('/')).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect([...other.seen, ...unknown.seen]).toEqual([]);
  });
});
