import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const BOUNDARY = 'pdf-tools-bench';
/** The benchmarks of the predecessor poll at this interval. */
const POLL_MS = 20;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** A client with connections that stay open and a body that is built once, so that it costs little itself. */
export class BenchClient {
  readonly #agent: Agent;
  readonly #form: Buffer;

  constructor(
    private readonly base: string,
    image: Uint8Array,
    readonly connections: number,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    const disposition = 'Content-Disposition: form-data; name="files"; filename="a.jpg"';
    const head = `--${BOUNDARY}\r\n${disposition}\r\nContent-Type: image/jpeg\r\n\r\n`;
    this.#form = Buffer.concat([Buffer.from(head), image, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  }

  /** Sends an image and waits for its PDF. */
  async convert(): Promise<void> {
    expectPdf(await this.#send('POST', '/api/image-to-pdf', this.#form));
  }

  /** Sends an image as a background job, polls the job and reads the result. */
  async roundtrip(): Promise<void> {
    const accepted = await this.#send('POST', '/api/image-to-pdf?async=true', this.#form);
    const { id } = JSON.parse(accepted.body.toString()) as { id: string };
    for (;;) {
      const answer = await this.#send('GET', `/api/jobs/${id}`);
      const { status } = JSON.parse(answer.body.toString()) as { status: string };
      if (status !== 'queued' && status !== 'active') break;
      await sleep(POLL_MS);
    }
    expectPdf(await this.#send('GET', `/api/jobs/${id}/result`));
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body?: Buffer): Promise<Answer> {
    const type = `multipart/form-data; boundary=${BOUNDARY}`;
    const headers = body ? { 'content-type': type, 'content-length': body.length } : {};
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.base), { method, agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

function expectPdf({ status, body }: Answer): void {
  if (status !== 200 || body.toString('latin1', 0, 5) !== '%PDF-')
    throw new Error(`no PDF: HTTP ${status} ${body.toString('utf8', 0, 300)}`);
}
