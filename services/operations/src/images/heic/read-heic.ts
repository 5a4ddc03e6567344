import { encodeRaw } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { parseExif } from '../exif.js';
import { usableProfile } from '../icc.js';
import { MAX_HEIC_PIXELS, checkPixels } from '../limits.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { ReadImage } from '../pdf-image.js';
import { takeChannels } from '../raw-image.js';
import type { RawImage } from '../raw-image.js';
import { readColorDescription } from './color-description.js';
import { HDR_NOTE, isHdr, profileFor } from './described-profile.js';
import { loadLibHeif } from './libheif.js';
import type { LibHeif } from './libheif.js';

/** Values of enumerations in heif.h. */
const RGB = 1;
const INTERLEAVED = 10;
const CHROMA = { rgb: 10, rgba: 11, deepRgb: 14, deepRgba: 15 } as const;
const [UNSUPPORTED_FILE, UNSUPPORTED_FEATURE, NO_DECODER] = [3, 4, 11];
/** A heif_error has a code, a code in detail, and a pointer to a text. */
const ERROR_BYTES = 12;
const POINTER_BYTES = 4;
const EXIF_TYPE = Buffer.from('Exif\0', 'latin1');

/**
 * Decodes the primary image of a HEIC file. libheif joins its tiles and applies its rotation and mirroring, so that EXIF's
 * orientation does not count.
 */
export async function readHeic(file: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const decoder = new HeicDecoder(await loadLibHeif());
  try {
    const { raw, profile: stored, exif } = decoder.decode(file);
    const description = readColorDescription(file);
    const profile = stored ?? (description && profileFor(description));
    const profiled = profile && colorSpaceFor(3, usableProfile(profile, 3));
    const image = await encodeRaw(raw, { profiled, bilevel });
    const notes = isHdr(description) ? [HDR_NOTE] : [];
    return { image, orientation: 1, dpi: exif && parseExif(exif).dpi, notes };
  } finally {
    decoder.release();
  }
}

interface Decoded {
  readonly raw: RawImage;
  readonly profile: Uint8Array | undefined;
  /** The TIFF structure of EXIF. */
  readonly exif: Uint8Array | undefined;
}

/** One use of libheif. It frees what it allocated. */
class HeicDecoder {
  readonly #heif: LibHeif;
  readonly #releases: (() => void)[] = [];

  constructor(heif: LibHeif) {
    this.#heif = heif;
  }

  decode(file: Buffer): Decoded {
    const heif = this.#heif;
    const context = this.#own(heif._heif_context_alloc(), heif._heif_context_free);
    const data = this.#allocate(file.length);
    heif.HEAPU8.set(file, data);
    this.#call((error) => {
      heif._heif_context_read_from_memory(error, context, data, file.length, 0);
    });
    const handle = this.#out(heif._heif_image_handle_release, (error, result) => {
      heif._heif_context_get_primary_image_handle(error, context, result);
    });
    checkPixels(heif._heif_image_handle_get_width(handle), heif._heif_image_handle_get_height(handle), MAX_HEIC_PIXELS);
    return { raw: this.#decodeImage(handle), profile: this.#profileOf(handle), exif: this.#exifOf(handle) };
  }

  release(): void {
    for (const release of this.#releases.reverse()) release();
  }

  #decodeImage(handle: number): RawImage {
    const heif = this.#heif;
    const hasAlpha = heif._heif_image_handle_has_alpha_channel(handle) !== 0;
    const bits = heif._heif_image_handle_get_luma_bits_per_pixel(handle);
    const deep = bits > 8;
    const chroma = CHROMA[deep ? (hasAlpha ? 'deepRgba' : 'deepRgb') : hasAlpha ? 'rgba' : 'rgb'];
    const image = this.#out(heif._heif_image_release, (error, result) => {
      heif._heif_decode_image(error, handle, result, RGB, chroma, 0);
    });
    const width = heif._heif_image_get_width(image, INTERLEAVED);
    const height = heif._heif_image_get_height(image, INTERLEAVED);
    const channels = hasAlpha ? 4 : 3;
    const rows = this.#rowsOf(image, { height, rowBytes: width * channels * (deep ? 2 : 1) });
    const samples = deep ? scale(rows, bits) : rows;
    const colors = hasAlpha ? takeChannels(samples, 4, { first: 0, count: 3 }) : samples;
    const alpha = hasAlpha ? takeChannels(samples, 4, { first: 3, count: 1 }) : undefined;
    return { width, height, model: 'rgb', samples: colors, alpha };
  }

  /** Copies the rows of a decoded image, which are longer in libheif. */
  #rowsOf(image: number, { height, rowBytes }: { readonly height: number; readonly rowBytes: number }): Uint8Array {
    const strideAt = this.#allocate(POINTER_BYTES);
    const plane = this.#heif._heif_image_get_plane_readonly(image, INTERLEAVED, strideAt);
    const stride = this.#heif.HEAPU32[strideAt / POINTER_BYTES] ?? 0;
    const rows = new Uint8Array(rowBytes * height);
    for (let row = 0; row < height; row += 1) {
      const start = plane + row * stride;
      rows.set(this.#heif.HEAPU8.subarray(start, start + rowBytes), row * rowBytes);
    }
    return rows;
  }

  #profileOf(handle: number): Uint8Array | undefined {
    const size = this.#heif._heif_image_handle_get_raw_color_profile_size(handle);
    if (size === 0) return undefined;
    const data = this.#allocate(size);
    this.#call((error) => {
      this.#heif._heif_image_handle_get_raw_color_profile(error, handle, data);
    });
    return this.#heif.HEAPU8.slice(data, data + size);
  }

  /** The first EXIF block. It begins with the distance of the TIFF structure (ISO/IEC 23008-12, A.2.1). */
  #exifOf(handle: number): Uint8Array | undefined {
    const heif = this.#heif;
    const type = this.#allocate(EXIF_TYPE.length);
    heif.HEAPU8.set(EXIF_TYPE, type);
    const ids = this.#allocate(POINTER_BYTES);
    if (heif._heif_image_handle_get_list_of_metadata_block_IDs(handle, type, ids, 1) < 1) return undefined;
    const id = heif.HEAPU32[ids / POINTER_BYTES] ?? 0;
    const size = heif._heif_image_handle_get_metadata_size(handle, id);
    if (size < POINTER_BYTES) return undefined;
    const data = this.#allocate(size);
    this.#call((error) => {
      heif._heif_image_handle_get_metadata(error, handle, id, data);
    });
    const block = Buffer.from(heif.HEAPU8.slice(data, data + size));
    return block.subarray(POINTER_BYTES + block.readUInt32BE(0));
  }

  /** Calls a function that returns a pointer by a pointer. */
  #out(release: (pointer: number) => void, call: (error: number, result: number) => void): number {
    const result = this.#allocate(POINTER_BYTES);
    this.#call((error) => {
      call(error, result);
    });
    return this.#own(this.#heif.HEAPU32[result / POINTER_BYTES] ?? 0, release);
  }

  #call(call: (error: number) => void): void {
    const error = this.#allocate(ERROR_BYTES);
    call(error);
    const code = this.#heif.HEAPU32[error / POINTER_BYTES] ?? 0;
    if (code === 0) return;
    if (code === UNSUPPORTED_FILE || code === UNSUPPORTED_FEATURE || code === NO_DECODER)
      throw unsupportedImage('HEIC', 'a compression or feature other than HEVC images');
    throw corruptImage('has damaged HEIC data', new Error(`libheif: error ${code}`));
  }

  #allocate(bytes: number): number {
    return this.#own(this.#heif._malloc(bytes), this.#heif._free);
  }

  #own(pointer: number, release: (pointer: number) => void): number {
    this.#releases.push(() => {
      release(pointer);
    });
    return pointer;
  }
}

/** Little-endian numbers of more than 8 bits, scaled to 16. */
function scale(bytes: Uint8Array, bits: number): Uint16Array {
  const factor = 65_535 / ((1 << bits) - 1);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2).map((value) => Math.round(value * factor));
}
