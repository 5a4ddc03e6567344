const HEADER_BYTES = 4;

/** Bytes from the other process that break the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** Returns a message as a frame: the length of the JSON text in four bytes, most significant first, then the text. */
export function encodeFrame(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const frame = Buffer.allocUnsafe(HEADER_BYTES + text.length);
  frame.writeUInt32BE(text.length);
  text.copy(frame, HEADER_BYTES);
  return frame;
}

/** Reads frames from pieces of a byte stream. It holds at most one frame of `maxBytes`, however small the pieces are. */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #text: Buffer | undefined;
  #textBytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly receive: (message: unknown) => void,
  ) {}

  /** Passes on each message that `chunk` completes. Throws `ProtocolError` for a frame that is too long or not JSON. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at += this.#text ? this.#readText(chunk, at) : this.#readHeader(chunk, at);
  }

  #readHeader(chunk: Buffer, at: number): number {
    const read = chunk.copy(this.#header, this.#headerBytes, at);
    this.#headerBytes += read;
    if (this.#headerBytes < HEADER_BYTES) return read;
    const length = this.#header.readUInt32BE();
    if (length === 0 || length > this.maxBytes) throw new ProtocolError(`a frame of ${length} bytes`);
    this.#text = Buffer.allocUnsafe(length);
    this.#headerBytes = 0;
    return read;
  }

  #readText(chunk: Buffer, at: number): number {
    const text = this.#text ?? Buffer.alloc(0);
    const read = chunk.copy(text, this.#textBytes, at);
    this.#textBytes += read;
    if (this.#textBytes < text.length) return read;
    this.#text = undefined;
    this.#textBytes = 0;
    this.receive(parse(text));
    return read;
  }
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch (cause) {
    throw new ProtocolError('a frame that is not JSON', { cause });
  }
}
