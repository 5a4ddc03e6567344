import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { corruptImage } from '../errors.js';
import { MAX_JP2_PIXELS, checkPixels } from '../limits.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a JPEG 2000 file to red, green, blue and alpha of 8 bits with OpenJPEG, as pdf.js contains it. It applies a palette
 * and the channel definitions, and converts YCC to RGB. Throws an `InputError`: `corrupt_image`, `too_many_pixels`.
 */
export async function decodeToRgba(file: Buffer, { width, height }: Size): Promise<Uint8Array> {
  checkPixels(width, height, MAX_JP2_PIXELS);
  // The build for older engines also runs on Node 20.
  const { JpxImage, VerbosityLevel, setVerbosityLevel } =
    await import('pdfjs-dist/legacy/image_decoders/pdf.image_decoders.mjs');
  setVerbosityLevel(VerbosityLevel.ERRORS);
  const wasm = readFileSync(createRequire(import.meta.url).resolve('pdfjs-dist/wasm/openjpeg.wasm'));
  JpxImage.setOptions({
    useWasm: true,
    useWorkerFetch: false,
    wasmUrl: '',
    handler: { sendWithPromise: () => Promise.resolve(wasm) },
  });
  try {
    const rgba = await JpxImage.decode(file, { numComponents: 0, smaskInData: true });
    if (rgba.length !== 4 * width * height) throw new RangeError('OpenJPEG returned an image of another size.');
    return rgba;
  } catch (thrown) {
    throw corruptImage('has damaged JPEG 2000 data', thrown);
  } finally {
    // The memory of the module never shrinks, so that each image gets a module of its own.
    JpxImage.cleanup();
  }
}
