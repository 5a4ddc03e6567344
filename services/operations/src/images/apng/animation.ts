import { crc32 } from 'node:zlib';
import { InputError } from '../../input-error.js';
import { MAX_FRAMES } from '../limits.js';

/** What happens to the area of a frame before the next one is drawn (PNG, third edition, table 26). */
export const DISPOSE = { none: 0, background: 1, previous: 2 } as const;
/** Whether a frame replaces its area or is drawn over it (PNG, third edition, table 27). */
export const BLEND = { source: 0, over: 1 } as const;

/** A frame of an animated PNG: its area of the image, and the zlib stream of its rows. */
export interface AnimationFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly dispose: number;
  readonly blend: number;
  readonly data: readonly Uint8Array[];
}

/** The frames of an animated PNG. */
export interface Animation {
  readonly frames: readonly AnimationFrame[];
  /** Whether the image of the PNG is the first frame. */
  readonly startsWithImage: boolean;
  /** Whether frames are missing, damaged or more than promised. `frames` then has those before. */
  readonly damaged: boolean;
}

interface Canvas {
  readonly width: number;
  readonly height: number;
}

interface Chunk {
  readonly type: string;
  readonly body: Buffer;
  readonly isIntact: boolean;
}

const SIGNATURE_BYTES = 8;
const CONTROL_BYTES = 26;
const SEQUENCE_BYTES = 4;

/** Returns how many frames a PNG promises, which is 1 if it is not animated. Only the chunks before IDAT count. */
export function countFrames(file: Buffer): number {
  for (const { type, body } of chunksOf(file)) {
    if (type === 'IDAT') return 1;
    if (type === 'acTL' && body.length === 8) return body.readUInt32BE(0);
  }
  return 1;
}

/**
 * Reads the frames of an animated PNG (PNG, third edition, 11.3.6). Throws an `InputError` (`too_many_pages`) if it
 * promises more than the limit.
 */
export function readAnimation(file: Buffer, canvas: Canvas, promised: number): Animation {
  if (promised > MAX_FRAMES)
    throw new InputError('too_many_pages', `has ${promised} frames, more than the limit of ${MAX_FRAMES}`);
  const reader = new FrameReader(canvas, promised);
  for (const chunk of chunksOf(file)) if (!reader.add(chunk)) break;
  const frames = reader.frames.filter(({ data }) => data.length > 0);
  return { frames, startsWithImage: reader.startsWithImage, damaged: reader.isDamaged || frames.length !== promised };
}

/** Collects the promised frames until a chunk is damaged, missing or in the wrong order. */
class FrameReader {
  readonly frames: (AnimationFrame & { readonly data: Uint8Array[] })[] = [];
  startsWithImage = false;
  isDamaged = false;
  readonly #canvas: Canvas;
  readonly #promised: number;
  #sequence = 0;

  constructor(canvas: Canvas, promised: number) {
    this.#canvas = canvas;
    this.#promised = promised;
  }

  /** Returns false if no chunk after this one counts. */
  add({ type, body, isIntact }: Chunk): boolean {
    if (type === 'IDAT') return this.#addImageData(body);
    if (type !== 'fcTL' && type !== 'fdAT') return true;
    this.isDamaged = !isIntact || !this.#isNext(body) || !(type === 'fcTL' ? this.#begin(body) : this.#addData(body));
    // A frame whose later data are missing cannot be shown.
    if (this.isDamaged && type === 'fdAT') this.frames.pop();
    return !this.isDamaged;
  }

  /** Frame control and frame data are numbered together. */
  #isNext(body: Buffer): boolean {
    const isNext = body.length >= SEQUENCE_BYTES && body.readUInt32BE(0) === this.#sequence;
    this.#sequence += 1;
    return isNext;
  }

  #begin(body: Buffer): boolean {
    if (body.length !== CONTROL_BYTES || this.frames.length === this.#promised) return false;
    const [width = 0, height = 0, left = 0, top = 0] = [4, 8, 12, 16].map((at) => body.readUInt32BE(at));
    const frame = { left, top, width, height, dispose: body.readUInt8(24), blend: body.readUInt8(25), data: [] };
    if (!isWithin(frame, this.#canvas)) return false;
    this.frames.push(frame);
    return true;
  }

  #addData(body: Buffer): boolean {
    const frame = this.frames.at(-1);
    frame?.data.push(body.subarray(SEQUENCE_BYTES));
    return frame !== undefined;
  }

  /** The image is the first frame if frame control comes before it. It has the size of the image then. */
  #addImageData(body: Buffer): boolean {
    const [frame] = this.frames;
    if (!frame) return true;
    if (frame.width !== this.#canvas.width || frame.height !== this.#canvas.height) {
      this.isDamaged = true;
      this.frames.pop();
      return false;
    }
    this.startsWithImage = true;
    frame.data.push(body);
    return true;
  }
}

function isWithin({ left, top, width, height, dispose, blend }: AnimationFrame, canvas: Canvas): boolean {
  const isInside = left + width <= canvas.width && top + height <= canvas.height;
  return width > 0 && height > 0 && isInside && dispose <= DISPOSE.previous && blend <= BLEND.over;
}

/** The chunks up to the end of the file. The checksum is only compared for the chunks of the animation. */
function* chunksOf(file: Buffer): Generator<Chunk> {
  for (let at = SIGNATURE_BYTES; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) return;
    const type = file.toString('latin1', at + 4, at + 8);
    const isChecked = type === 'fcTL' || type === 'fdAT';
    const isIntact = !isChecked || crc32(file.subarray(at + 4, end)) === file.readUInt32BE(end);
    yield { type, body: file.subarray(at + 8, end), isIntact };
    if (type === 'IEND') return;
    at = end + 4;
  }
}
