import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** One HTTP response as it was received. */
export interface RawAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A TCP connection that sends any bytes and collects the responses, whose bodies must have a Content-Length. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #closed: Promise<unknown>;
  #received = '';
  /** Code of the error that ended the connection, such as ECONNRESET. */
  error: string | undefined;

  constructor(url: string, { timeoutMs = 60_000 } = {}) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.setTimeout(timeoutMs, () => this.#socket.destroy(Object.assign(new Error(), { code: 'SILENCE' })));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => (this.error = error.code));
    this.#socket.on('data', (part) => (this.#received += part.toString('latin1')));
    this.#closed = once(this.#socket, 'close').catch(() => undefined);
  }

  /** Sends text in which each character is one byte. */
  send(text: string): void {
    if (this.#socket.writable) this.#socket.write(Buffer.from(text, 'latin1'));
  }

  /** Waits until `count` responses are complete or the connection ends. */
  async answers(count: number): Promise<RawAnswer[]> {
    for (;;) {
      const answers = this.received;
      if (answers.length >= count || this.#socket.closed) return answers;
      await Promise.race([once(this.#socket, 'data'), this.#closed]).catch(() => undefined);
    }
  }

  /** Waits for the end of the connection and returns all responses. */
  async end(): Promise<RawAnswer[]> {
    await this.#closed;
    return this.received;
  }

  /** The responses that are complete so far. */
  get received(): RawAnswer[] {
    const answers: RawAnswer[] = [];
    for (let rest = this.#received; rest.length > 0;) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) break;
      const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
      const headers = new Map(lines.map((line) => headerOf(line)));
      const status = Number(first.split(' ')[1]);
      const length = Number(headers.get('content-length') ?? 0);
      if (rest.length < end + 4 + length) break;
      answers.push({ status, headers, body: rest.slice(end + 4, end + 4 + length) });
      rest = rest.slice(end + 4 + length);
    }
    return answers;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
