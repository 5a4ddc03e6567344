/**
 * Main of a process that decodes the bilevel images of a PDF file with pdf.js. The argument is the path. Each page
 * shows one image. Writes a JSON array with the pixels of each as base64, in packed rows with padding, 1 for black.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ImageKind, OPS, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

type Reader = Awaited<ReturnType<typeof getDocument>['promise']>;
type Page = Awaited<ReturnType<Reader['getPage']>>;

interface DecodedImage {
  readonly kind: number;
  readonly data: Uint8Array;
}

/** Holds the JBIG2 decoder that pdf.js uses in browsers. Without it pdf.js falls back to another one. */
const WASM = fileURLToPath(new URL('../../wasm/', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')));

const [path = ''] = process.argv.slice(2);
const data = new Uint8Array(await readFile(path));
const task = getDocument({ data, wasmUrl: WASM, verbosity: 0, isEvalSupported: false });
const reader = await task.promise;
const images: string[] = [];
for (let page = 1; page <= reader.numPages; page++) images.push(await pixelsOf(await reader.getPage(page)));
await task.destroy();
process.stdout.write(JSON.stringify(images));

async function pixelsOf(page: Page): Promise<string> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const [name] = argsArray[fnArray.indexOf(OPS.paintImageXObject)] as [string];
  const objects = name.startsWith('g_') ? page.commonObjs : page.objs;
  const { kind, data } = await new Promise<DecodedImage>((resolve) => {
    objects.get(name, resolve);
  });
  if (kind !== ImageKind.GRAYSCALE_1BPP) throw new Error(`The image of page ${page.pageNumber} is not bilevel.`);
  return Buffer.from(Uint8Array.from(data, (byte) => ~byte)).toString('base64');
}
