import { Transform } from 'node:stream';
import type { TransformCallback, Writable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { AppError } from '@pdf-tools/runtime/errors';
import { ClientGone } from '../http/client-gone.js';
import type { EventLoopThrottle } from '../event-loop-throttle.js';

/** Bytes that are read after a file of a wrong format, since the rest of the body may have a more important error. */
const READ_ON_BYTES = 4_194_304;
/** Bytes that a request may have in addition to its files, for part headers and text fields. nginx allows as many. */
const FRAMING_BYTES = 1_048_576;

/**
 * The body of one upload between the socket and the multipart parser. It counts the bytes and can end early with an
 * error. multer gets it instead of the request, because multer would read a refused body to its end.
 */
export class UploadBody extends Transform {
  readonly headers: IncomingMessage['headers'];
  readonly startedAt = Date.now();
  lastByteAt = Date.now();
  received = 0;
  #deferredError: AppError | undefined;
  #deferredAt = 0;

  constructor(
    private readonly request: IncomingMessage,
    /** Limit of the total size of the files. */
    private readonly maxBytes: number,
    private readonly throttle: EventLoopThrottle,
  ) {
    super({ highWaterMark: 131_072 });
    this.headers = request.headers;
    request.once('close', this.#closed);
    // The client cannot send while the server does not read.
    this.on('drain', () => {
      this.lastByteAt = Date.now();
    });
  }

  /** Starts to read the request. */
  start(): void {
    this.request.pipe(this);
  }

  /** Sets the error of the upload unless the rest of the body has a more important one. The first call wins. */
  rejectAfterUpload(error: AppError): void {
    this.#deferredError ??= error;
    this.#deferredAt = this.received;
  }

  get deferredError(): AppError | undefined {
    return this.#deferredError;
  }

  /** Whether the client has nothing to send, because the body is complete or the server has not read what arrived. */
  get isWaitingForServer(): boolean {
    return this.writableEnded || this.writableNeedDrain;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.throttle.run(chunk.length, () => {
      if (!this.destroyed) this.#pass(chunk, done);
    });
  }

  #pass(chunk: Buffer, done: TransformCallback): void {
    this.received += chunk.length;
    this.lastByteAt = Date.now();
    const error = bodyTooLarge(this.received, this.maxBytes);
    if (error) done(error);
    else if (this.#deferredError && this.received > this.#deferredAt + READ_ON_BYTES) done(this.#deferredError);
    else done(null, chunk);
  }

  /** The parser calls this when it is done or has failed. No one reads the rest of the body. */
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

/** Returns the 413 for a body of this many bytes if files of at most `maxBytes` cannot be the reason for its size. */
export function bodyTooLarge(bytes: number, maxBytes: number): AppError | undefined {
  const limit = maxBytes + FRAMING_BYTES;
  if (bytes <= limit) return undefined;
  const detail = `The body of a request is limited to ${limit} bytes, and its files together to ${maxBytes} bytes. Send fewer or smaller files and fields.`;
  const message = `must have at most ${limit} bytes`;
  return new AppError('upload_too_large', detail, { errors: [{ limit, message }] });
}
