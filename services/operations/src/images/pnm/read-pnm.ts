import { encodeBilevel, encodeRaw } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage } from '../errors.js';
import { MAX_CARRIED_PIXELS, MAX_PIXELS, checkPixels } from '../limits.js';
import type { PdfImage, ReadImage } from '../pdf-image.js';
import { packSamples } from '../bits.js';

const MAX_VALUE = 65_535;
const [SPACE, HASH, LINE_FEED, ZERO, NINE, TAB, CARRIAGE_RETURN] = [0x20, 0x23, 0x0a, 0x30, 0x39, 0x09, 0x0d];

/** Decodes the first image of a PBM, PGM or PPM file, with its samples as text (P1 to P3) or as bytes (P4 to P6). */
export async function readPnm(file: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const reader = new NumberReader(file);
  const header = { ...readHeader(file, reader), bilevel };
  const image = header.model === 'bitmap' ? await readBitmap(reader, header) : await readSamples(reader, header);
  return { image, orientation: 1, dpi: undefined };
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly model: 'bitmap' | 'gray' | 'rgb';
  readonly isText: boolean;
  /** The largest sample. */
  readonly most: number;
}

interface Encoding extends Header {
  readonly bilevel: BilevelCoding | undefined;
}

function readHeader(file: Buffer, reader: NumberReader): Header {
  const kind = (file[1] ?? 0) - ZERO;
  const model = kind % 3 === 1 ? 'bitmap' : kind % 3 === 2 ? 'gray' : 'rgb';
  const isText = kind <= 3;
  const [width, height] = [reader.next(), reader.next()];
  const most = model === 'bitmap' ? 1 : reader.next();
  if (most < 1 || most > MAX_VALUE) throw corruptImage('has a damaged PNM header');
  checkPixels(width, height, kind === 4 ? MAX_CARRIED_PIXELS : MAX_PIXELS, most > 255 ? 2 : 1);
  return { width, height, model, isText, most };
}

async function readSamples(reader: NumberReader, header: Encoding): Promise<PdfImage> {
  const { width, height, model, isText, most, bilevel } = header;
  const count = width * height * (model === 'rgb' ? 3 : 1);
  const values = isText ? reader.numbers(count) : bytesToNumbers(reader.bytes(count * (most > 255 ? 2 : 1)), most);
  const samples = scale(values, most);
  return encodeRaw({ width, height, model: model === 'rgb' ? 'rgb' : 'gray', samples }, { bilevel });
}

/** 1 is black. Digits of text need nothing between them. */
async function readBitmap(reader: NumberReader, { width, height, isText, bilevel }: Encoding): Promise<PdfImage> {
  const data = isText
    ? packSamples(reader.digits(width * height), width, 1)
    : reader.bytes(Math.ceil(width / 8) * height);
  return encodeBilevel({ width, height, data }, { bilevel });
}

function bytesToNumbers(bytes: Buffer, most: number): Uint8Array | Uint16Array {
  if (most <= 255) return bytes;
  return new Uint16Array(bytes.length / 2).map((_none, at) => bytes.readUInt16BE(2 * at));
}

/** Scales samples to 8 or 16 bits. */
function scale(values: Uint8Array | Uint16Array, most: number): Uint8Array | Uint16Array {
  const full = most > 255 ? 65_535 : 255;
  if (most === full && most > 255 === values instanceof Uint16Array) return values;
  const scaled = most > 255 ? new Uint16Array(values.length) : new Uint8Array(values.length);
  for (const [at, value] of values.entries()) scaled[at] = Math.min(full, Math.round((value * full) / most));
  return scaled;
}

/** Reads a file after its magic number. */
class NumberReader {
  readonly #file: Buffer;
  #at = 2;

  constructor(file: Buffer) {
    this.#file = file;
  }

  /** The next number, after white space and comments. */
  next(): number {
    this.#skip();
    let value = 0;
    const start = this.#at;
    for (let byte = this.#file[this.#at]; isDigit(byte); byte = this.#file[this.#at]) {
      value = Math.min(value * 10 + byte - ZERO, Number.MAX_SAFE_INTEGER / 16);
      this.#at += 1;
    }
    if (this.#at === start) throw corruptImage('is cut off or damaged: a number of its PNM data is missing');
    return value;
  }

  numbers(count: number): Uint16Array {
    this.#checkLeft(count);
    return new Uint16Array(count).map(() => Math.min(this.next(), MAX_VALUE));
  }

  digits(count: number): Uint8Array {
    this.#checkLeft(count);
    return new Uint8Array(count).map(() => {
      this.#skip();
      const digit = this.#file[this.#at];
      if (!isDigit(digit)) throw corruptImage('is cut off or damaged: a pixel of its PNM data is missing');
      this.#at += 1;
      return digit - ZERO;
    });
  }

  /** Bytes after the one white space that follows the header. */
  bytes(count: number): Buffer {
    const start = this.#at + 1;
    const bytes = this.#file.subarray(start, start + count);
    if (bytes.length < count) throw corruptImage('is cut off: rows of its PNM data are missing');
    return bytes;
  }

  /** Each sample takes a byte of text or more. */
  #checkLeft(count: number): void {
    if (count > this.#file.length - this.#at) throw corruptImage('is cut off: rows of its PNM data are missing');
  }

  #skip(): void {
    for (let byte = this.#file[this.#at]; byte !== undefined; byte = this.#file[this.#at]) {
      if (byte === HASH) {
        const end = this.#file.indexOf(LINE_FEED, this.#at);
        this.#at = end < 0 ? this.#file.length : end;
      } else if (byte !== SPACE && (byte < TAB || byte > CARRIAGE_RETURN)) return;
      else this.#at += 1;
    }
  }
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
