import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs in its own container with its own address: `node flooder.js MODE HOST COUNT SECONDS [PATH] [METHOD]`. Prints `ready`
 * and starts at the first byte on standard input, so that all attackers start together. `slow` holds COUNT connections
 * whose headers never end, `upload` sends COUNT files of 50 MB at a time, `read` requests PATH on COUNT connections and
 * reads slowly, and `unfinished` sends METHOD PATH on COUNT connections with bodies that never end. Prints
 * the number of opened connections and of responses by status as JSON.
 */
const [mode = '', host = '', count = '0', seconds = '0', path = '', method = 'GET'] = process.argv.slice(2);
const PORT = 8080;
const FILE_BYTES = 50_000_000;
const CHUNK = Buffer.alloc(65_536, 0x20);
let deadline = 0;
const seen: Record<string, number> = { opened: 0, bytes: 0 };

function tally(what: string): void {
  seen[what] = (seen[what] ?? 0) + 1;
}

function open(allowHalfOpen = false): Socket {
  tally('opened');
  const socket = connect({ port: PORT, host, allowHalfOpen });
  socket.on('error', () => undefined);
  socket.once('data', (answer: Buffer) => {
    tally(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1'))?.[1] ?? 'other');
  });
  return socket;
}

/** Sends the text each second until the server closes the connection. */
async function keepSending(socket: Socket, text: string): Promise<void> {
  while (Date.now() < deadline && !socket.closed) {
    await sleep(1_000);
    if (socket.writable) socket.write(text);
    else socket.destroy();
  }
  socket.destroy();
}

/** Sends a header line each second. Replaces a closed connection. */
async function drip(): Promise<void> {
  while (Date.now() < deadline) {
    const socket = open();
    socket.write('POST /api/merge-pdf HTTP/1.1\r\nHost: x\r\n');
    await keepSending(socket, 'X-Drip: 1\r\n');
  }
}

async function send(): Promise<void> {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n';
  const tail = '\r\n--b--\r\n';
  const length = head.length + FILE_BYTES + tail.length;
  const socket = open();
  socket.write(
    `POST /api/compress-pdf?async=true HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n${head}`,
  );
  for (let left = FILE_BYTES; left > 0 && !socket.closed && Date.now() < deadline; left -= CHUNK.length) {
    const part = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
    seen.bytes = (seen.bytes ?? 0) + part.length;
    if (!socket.write(part)) await Promise.race([new Promise((go) => socket.once('drain', go)), sleep(1_000)]);
  }
  socket.write(tail);
  while (!socket.closed && Date.now() < deadline) await sleep(50);
  socket.destroy();
}

/** Connections open within this time instead of at once, because the test is about reading. */
const OPENING_MS = 5_000;
const RETRY_MS = 3_000;
/** nginx sends the first two from the volume. The api sends the third, whose syntax nginx does not support. */
const RANGES = ['', 'Range: bytes=1-\r\n', 'Range: bytes = 1-\r\n'];

/** A read this often keeps nginx's send_timeout from ending a download, which would let another one in. */
const READ_MS = 5_000;

/** Reads a part of the response now and then. */
function readSlowly(socket: Socket): void {
  socket.on('data', () => socket.pause());
  const timer = setInterval(() => socket.resume(), READ_MS);
  socket.once('close', () => {
    clearInterval(timer);
  });
}

/** Reads a response slowly. Replaces a refused or broken connection. */
async function stall(number: number): Promise<void> {
  await sleep((number / Number(count)) * OPENING_MS);
  while (Date.now() < deadline) {
    const socket = open();
    socket.once('data', (part: Buffer) => {
      if (!part.toString('latin1').startsWith('HTTP/1.1 2')) socket.destroy();
    });
    readSlowly(socket);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${RANGES[number % RANGES.length] ?? ''}\r\n`);
    do await sleep(RETRY_MS);
    while (Date.now() < deadline && !socket.closed);
    socket.destroy();
  }
}

/** Sends one byte of the body per second, even after the response and the server's FIN. Replaces a closed connection. */
async function leaveUnfinished(number: number): Promise<void> {
  await sleep((number / Number(count)) * OPENING_MS);
  while (Date.now() < deadline) {
    const socket = open(true);
    socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n--b`,
    );
    await keepSending(socket, '-');
  }
}

const MODES: Readonly<Record<string, (number: number) => Promise<void>>> = {
  slow: drip,
  upload: send,
  read: stall,
  unfinished: leaveUnfinished,
};

console.log('ready');
await once(process.stdin, 'data');
deadline = Date.now() + Number(seconds) * 1_000;
const act = MODES[mode] ?? drip;
await Promise.all(Array.from({ length: Number(count) }, (_, number) => act(number)));
console.log(JSON.stringify(seen));
process.exit(0);
