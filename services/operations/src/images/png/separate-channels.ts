/** The layout of pixels with an alpha channel, in bytes. */
export interface PixelLayout {
  readonly width: number;
  /** Bytes of the colour of a pixel. */
  readonly color: number;
  /** Bytes of the alpha of a pixel. */
  readonly alpha: number;
}

/** Filtered rows of the colour and of the alpha channel. Each row begins with its filter type. */
export interface Channels {
  readonly color: Buffer;
  readonly alpha: Buffer;
}

/** Memory that is used again. New memory for each image would make the garbage collector run for most images. */
class Scratch {
  #buffer = Buffer.alloc(0);

  take(bytes: number): Buffer {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes);
    return this.#buffer.subarray(0, bytes);
  }
}

const scratch = { color: new Scratch(), alpha: new Scratch() };

/**
 * Separates colour and alpha of whole filtered rows without undoing the filters. Each filter predicts a byte only from
 * the bytes of the same channel (ISO/IEC 15948, 9.2), so the filter of a row holds for each of its channels.
 */
export function separateChannels(rows: Buffer, layout: PixelLayout): Channels {
  const { width, color, alpha } = layout;
  const count = rows.length / (1 + width * (color + alpha));
  const separated = {
    color: scratch.color.take(count * (1 + width * color)),
    alpha: scratch.alpha.take(count * (1 + width * alpha)),
  };
  if (color === 3 && alpha === 1) separateRgba(rows, width, separated);
  else separateBytes(rows, layout, separated);
  return separated;
}

function separateBytes(rows: Buffer, { width, color, alpha }: PixelLayout, to: Channels): void {
  const copyPixels = (from: number, target: Buffer, [start, bytes]: readonly [number, number]): void => {
    for (let [pixel, at] = [0, start]; pixel < width; pixel++, at += bytes)
      for (let byte = 0; byte < bytes; byte++) target[at + byte] = rows[from + pixel * (color + alpha) + byte] ?? 0;
  };
  const rowBytes = 1 + width * (color + alpha);
  for (let [row, from] = [0, 0]; from < rows.length; row++, from += rowBytes) {
    const [colorAt, alphaAt] = [row * (1 + width * color), row * (1 + width * alpha)];
    to.color[colorAt] = to.alpha[alphaAt] = rows[from] ?? 0;
    copyPixels(from + 1, to.color, [colorAt + 1, color]);
    copyPixels(from + 1 + color, to.alpha, [alphaAt + 1, alpha]);
  }
}

/** As `separateBytes`, for RGBA of 8 bits. Words instead of bytes take half the time. The bytes of a word are B, G, R from the top. */
function separateRgba(rows: Buffer, width: number, to: Channels): void {
  const words = Math.ceil(width / 4);
  const [pixels, colors, alphas] = [new Int32Array(4 * words), new Int32Array(3 * words), new Int32Array(words)];
  const [pixelBytes, colorBytes, alphaBytes] = [pixels, colors, alphas].map((array) => Buffer.from(array.buffer));
  if (!pixelBytes || !colorBytes || !alphaBytes) return;
  for (let [row, from] = [0, 0]; from < rows.length; row++, from += 1 + 4 * width) {
    rows.copy(pixelBytes, 0, from + 1, from + 1 + 4 * width);
    separateWords(pixels, colors, alphas);
    const [colorAt, alphaAt] = [row * (1 + 3 * width), row * (1 + width)];
    to.color[colorAt] = to.alpha[alphaAt] = rows[from] ?? 0;
    colorBytes.copy(to.color, colorAt + 1, 0, 3 * width);
    alphaBytes.copy(to.alpha, alphaAt + 1, 0, width);
  }
}

/** Separates four pixels at a time: four words become three of colour and one of alpha. */
function separateWords(pixels: Int32Array, colors: Int32Array, alphas: Int32Array): void {
  for (let [word, from, to] = [0, 0, 0]; word < alphas.length; word++, from += 4, to += 3) {
    const first = pixels[from] ?? 0;
    const second = pixels[from + 1] ?? 0;
    const third = pixels[from + 2] ?? 0;
    const fourth = pixels[from + 3] ?? 0;
    colors[to] = (first & 0xff_ffff) | (second << 24);
    colors[to + 1] = ((second >>> 8) & 0xffff) | (third << 16);
    colors[to + 2] = ((third >>> 16) & 0xff) | (fourth << 8);
    alphas[word] = (first >>> 24) | ((second >>> 16) & 0xff00) | ((third >>> 8) & 0xff_0000) | (fourth & 0xff00_0000);
  }
}
