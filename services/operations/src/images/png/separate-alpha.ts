import type { BilevelImage } from '@pdf-tools/pdf';
import { DeflateStream } from './deflate-stream.js';
import { MaskBits } from './mask-bits.js';
import { OpaqueRows } from './opaque-rows.js';
import { PNG_COLOR, samplesPerPixel } from './parse-png.js';
import type { Png } from './parse-png.js';
import { separateChannels } from './separate-channels.js';
import type { PixelLayout } from './separate-channels.js';
import { filteredRowBytes, inflateExactly, recoverRows } from './verify-rows.js';

/** Level 8 takes more than twice as long as level 5 for 3 % less. */
const LEVEL = 5;
/** Rows that are separated at once. */
const BLOCK_BYTES = 2 * 1024 * 1024;

/** The rows of a PNG with an alpha channel, separated and deflated. */
export interface SeparatedPng {
  /** The PNG without alpha. */
  readonly color: Png;
  /** The alpha as a gray PNG. Undefined if every pixel is opaque. */
  readonly alpha: Png | undefined;
  /** The alpha if every pixel is either transparent, which is black, or opaque. */
  readonly mask: BilevelImage | undefined;
}

/**
 * Separates colour and alpha of a non-interlaced PNG with an alpha channel. The filters of the rows stay, so that no pixel
 * is decoded. If only the end of the zlib stream is wrong, a note is added. Throws as `verifyRows`.
 */
export async function separateAlpha(png: Png): Promise<SeparatedPng> {
  const separator = new AlphaSeparator(png);
  try {
    if (await inflateExactly(png, (rows) => separator.write(rows))) return await separator.end(png);
  } finally {
    separator.discard();
  }
  const rows = await recoverRows(png);
  const recovered = new AlphaSeparator(png);
  try {
    await recovered.write(rows);
    return await recovered.end({ ...png, notes: [...png.notes, 'the end of its compressed PNG data is wrong'] });
  } finally {
    recovered.discard();
  }
}

/** Takes filtered rows in parts of any length. */
class AlphaSeparator {
  readonly #layout: PixelLayout;
  readonly #rowBytes: number;
  readonly #blockRows: number;
  readonly #opaqueRows: OpaqueRows;
  readonly #color = new DeflateStream(LEVEL);
  #alpha: DeflateStream | undefined;
  #mask: MaskBits | undefined;
  #row = 0;
  /** The beginning of a row. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(png: Png) {
    const { width, height, bitDepth, colorType } = png;
    const alpha = bitDepth / 8;
    this.#layout = { width, alpha, color: alpha * (samplesPerPixel(colorType) - 1) };
    this.#rowBytes = filteredRowBytes(png);
    this.#blockRows = Math.max(1, Math.floor(BLOCK_BYTES / this.#rowBytes));
    this.#opaqueRows = new OpaqueRows(width, alpha);
    this.#mask = alpha === 1 ? new MaskBits(width, height) : undefined;
  }

  async write(part: Buffer): Promise<void> {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : part;
    const end = bytes.length - (bytes.length % this.#rowBytes);
    const block = this.#rowBytes * this.#blockRows;
    for (let start = 0; start < end; start += block)
      await this.#writeRows(bytes.subarray(start, Math.min(start + block, end)));
    this.#rest = Buffer.from(bytes.subarray(end));
  }

  async #writeRows(rows: Buffer): Promise<void> {
    const { color, alpha } = separateChannels(rows, this.#layout);
    await Promise.all([this.#color.write(color), this.#writeAlpha(alpha)]);
    this.#row += rows.length / this.#rowBytes;
  }

  /** Opaque rows are written only when another row follows. */
  async #writeAlpha(rows: Buffer): Promise<void> {
    if (!this.#alpha) {
      if (this.#opaqueRows.areOpaque(rows, this.#row)) return;
      this.#alpha = new DeflateStream(LEVEL);
      await this.#writeOpaque(this.#alpha);
    }
    if (this.#mask?.add(rows) === false) this.#mask = undefined;
    await this.#alpha.write(rows);
  }

  /** Writes the alpha of all rows before. */
  async #writeOpaque(stream: DeflateStream): Promise<void> {
    this.#mask?.addOpaque(this.#row);
    for (let row = 0; row < this.#row; row += this.#blockRows)
      await stream.write(this.#opaqueRows.make(row, Math.min(this.#blockRows, this.#row - row)));
  }

  /** Takes the PNG that the rows are of. */
  async end(png: Png): Promise<SeparatedPng> {
    const isGray = samplesPerPixel(png.colorType) === 2;
    const color: Png = { ...png, colorType: isGray ? PNG_COLOR.gray : PNG_COLOR.rgb, idat: await this.#color.end() };
    const alpha = this.#alpha && { ...png, colorType: PNG_COLOR.gray, idat: await this.#alpha.end() };
    return { color, alpha, mask: alpha && this.#mask?.image };
  }

  discard(): void {
    this.#color.discard();
    this.#alpha?.discard();
  }
}
