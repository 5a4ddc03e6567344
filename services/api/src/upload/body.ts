import { Transform } from 'node:stream';
import type { TransformCallback, Writable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { AppError } from '@pdf-tools/runtime/errors';
import { ClientGone } from '../http/client-gone.js';
import type { Turns } from '../turns.js';

/** Bytes that are still read, in search of a graver fault, after a file of a wrong format was seen. */
const READ_ON_BYTES = 4_194_304;

/**
 * The body of one upload on its way from the socket to the multipart parser: counts the bytes, and can be ended early
 * with an error. It stands in for the request towards multer, which would read a refused body to its end.
 */
export class UploadBody extends Transform {
  readonly headers: IncomingMessage['headers'];
  readonly startedAt = Date.now();
  lastByteAt = Date.now();
  received = 0;
  #verdict: AppError | undefined;
  #verdictAt = 0;

  constructor(
    private readonly request: IncomingMessage,
    private readonly most: number,
    private readonly turns: Turns,
  ) {
    super({ highWaterMark: 131_072 });
    this.headers = request.headers;
    request.once('close', this.#closed);
    // While we did not read, silence was no fault of the client's.
    this.on('drain', () => {
      this.lastByteAt = Date.now();
    });
  }

  /** Begins to read. */
  start(): void {
    this.request.pipe(this);
  }

  /** A fault that an answer waits for a little, because the rest of the body may show a graver one. */
  condemn(verdict: AppError): void {
    this.#verdict ??= verdict;
    this.#verdictAt = this.received;
  }

  get verdict(): AppError | undefined {
    return this.#verdict;
  }

  /** True while nothing is asked of the client: all has arrived, or what has is not yet worked off. */
  get isOurs(): boolean {
    return this.writableEnded || this.writableNeedDrain;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.turns.take(chunk.length, () => {
      if (!this.destroyed) this.#pass(chunk, done);
    });
  }

  #pass(chunk: Buffer, done: TransformCallback): void {
    this.received += chunk.length;
    this.lastByteAt = Date.now();
    if (this.received > this.most) done(bodyTooLarge(this.most));
    else if (this.#verdict && this.received > this.#verdictAt + READ_ON_BYTES) done(this.#verdict);
    else done(null, chunk);
  }

  /** The parser lets go when it is done or has found a fault; what is left of the body is nobody's then. */
  override unpipe(destination?: Writable): this {
    super.unpipe(destination);
    setImmediate(() => this.destroy());
    return this;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.request.off('close', this.#closed);
    this.request.unpipe(this);
    done(error);
  }

  readonly #closed = (): void => {
    if (!this.request.complete) this.destroy(new ClientGone());
  };
}

function bodyTooLarge(limit: number): AppError {
  const detail = `The body is limited to ${limit} bytes. Send fewer or smaller files and fields.`;
  const message = `must have at most ${limit} bytes`;
  return new AppError('upload_too_large', detail, { errors: [{ limit, message }] });
}
