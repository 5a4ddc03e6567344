import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { encodeCcittG4, encodeJbig2 } from '@pdf-tools/pdf';
import type { BilevelFilter } from '@pdf-tools/pdf';
import { tiffEntries, writeTiff } from '../tiff.js';
import { ascii85, asciiHex, lzw, runLengths } from './plain-filters.js';
import { pngFiltered, tiffPredicted } from './predictors.js';
import type { TableSpace } from './spaces.js';
import { packRows } from './values.js';
import type { TableImage } from './values.js';

/** The bytes of a stream with the entries of its dictionary for them. */
export interface EncodedImage {
  readonly entries: string;
  readonly data: Buffer;
}

/** A filter of the table, or a chain of filters. */
export interface TableFilter {
  readonly name: string;
  readonly bits: readonly number[];
  /** Whether the filter can hold images of a space. */
  readonly fits: (space: TableSpace) => boolean;
  readonly encode: (image: TableImage) => EncodedImage | Promise<EncodedImage>;
  /** Whether an inline image may have it. */
  readonly isInline?: boolean;
}

const ALL_BITS = [1, 2, 4, 8, 16];
const ADOBE_SEGMENT = Buffer.of(0xff, 0xee);

export const TABLE_FILTERS: readonly TableFilter[] = [
  general('none', ALL_BITS, (image) => ({ entries: '', data: packRows(image) })),
  general('Flate', ALL_BITS, (image) => ({ entries: '/Filter /FlateDecode', data: deflateSync(packRows(image)) })),
  general('Flate-PNG', ALL_BITS, (image) => ({
    entries: `/Filter /FlateDecode /DecodeParms ${predictor(image, 15)}`,
    data: deflateSync(pngFiltered(image)),
  })),
  general('Flate-TIFF', ALL_BITS, (image) => ({
    entries: `/Filter /FlateDecode /DecodeParms ${predictor(image, 2)}`,
    data: deflateSync(tiffPredicted(image)),
  })),
  general('LZW', [1, 8], (image) => ({ entries: '/Filter /LZWDecode', data: lzw(packRows(image)) })),
  general('LZW-TIFF', [8], (image) => ({
    entries: `/Filter /LZWDecode /DecodeParms ${predictor(image, 2)}`,
    data: lzw(tiffPredicted(image)),
  })),
  general('RunLength', [1, 8], (image) => ({ entries: '/Filter /RunLengthDecode', data: runLengths(packRows(image)) })),
  general('ASCII85-Flate', [8], (image) => ({
    entries: '/Filter [/ASCII85Decode /FlateDecode]',
    data: ascii85(deflateSync(packRows(image))),
  })),
  general('ASCIIHex', [1, 8], (image) => ({ entries: '/Filter /ASCIIHexDecode', data: asciiHex(packRows(image)) })),
  dct('DCT', async (image) => ({ entries: '/Filter /DCTDecode', data: await jpeg(image) })),
  dct('DCT-progressive', async (image) => ({
    entries: '/Filter /DCTDecode',
    data: await jpeg(image, { progressive: true, chromaSubsampling: '4:2:0' }),
  })),
  dct('DCT-unmarked', async (image) => ({ entries: '/Filter /DCTDecode', data: withoutMarker(await jpeg(image)) })),
  dct('ASCII85-DCT', async (image) => ({
    entries: '/Filter [/ASCII85Decode /DCTDecode]',
    data: ascii85(await jpeg(image)),
  })),
  dct('Flate-DCT', async (image) => ({
    entries: '/Filter [/FlateDecode /DCTDecode]',
    data: deflateSync(await jpeg(image)),
  })),
  {
    name: 'JPX',
    bits: [8],
    fits: ({ components, isIndexed, isStencil }) => !isIndexed && !isStencil && components !== 2,
    encode: async (image) => ({ entries: '/Filter /JPXDecode', data: await jpx(image) }),
  },
  bilevel('CCITT', 'CCITTFaxDecode'),
  bilevel('JBIG2', 'JBIG2Decode'),
];

function general(name: string, bits: readonly number[], encode: TableFilter['encode']): TableFilter {
  return { name, bits, fits: () => true, encode, isInline: true };
}

function dct(name: string, encode: TableFilter['encode']): TableFilter {
  const fits = ({ components, isIndexed, isStencil }: TableSpace): boolean =>
    !isIndexed && !isStencil && components !== 2 && (name !== 'DCT-unmarked' || components === 4);
  return { name, bits: [8], fits, encode, isInline: true };
}

function bilevel(name: string, filter: BilevelFilter): TableFilter {
  return {
    name,
    bits: [1],
    fits: ({ components }) => components === 1,
    encode: (image) => encodeBilevel(image, filter),
    isInline: filter === 'CCITTFaxDecode',
  };
}

function predictor({ channels, bits, width }: TableImage, number: number): string {
  return `<< /Predictor ${number} /Colors ${channels} /BitsPerComponent ${bits} /Columns ${width} >>`;
}

type JpegOptions = Parameters<ReturnType<typeof sharp>['jpeg']>[0];

/** libvips inverts the samples of CMYK when it writes them. */
async function jpeg(image: TableImage, options: JpegOptions = {}): Promise<Buffer> {
  const { width, height, channels } = image;
  const rows = packRows(image);
  const all = { quality: 92, chromaSubsampling: '4:4:4', ...options };
  if (channels !== 4) {
    const raw = { width, height, channels: channels === 1 ? 1 : 3 } as const;
    return sharp(rows, { raw })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .jpeg(all)
      .toBuffer();
  }
  const entries = tiffEntries({ width, height, samples: 4, bits: 8, photometric: 5 });
  const tiff = writeTiff([{ entries, blocks: [rows] }]);
  return sharp(tiff).pipelineColourspace('cmyk').toColourspace('cmyk').jpeg(all).toBuffer();
}

/** A JPEG of CMYK without Adobe's marker, whose samples readers take as they are. */
function withoutMarker(data: Buffer): Buffer {
  const at = data.indexOf(ADOBE_SEGMENT);
  return at < 0 ? data : Buffer.concat([data.subarray(0, at), data.subarray(at + 2 + data.readUInt16BE(at + 2))]);
}

function encodeBilevel(image: TableImage, filter: BilevelFilter): EncodedImage {
  // The encoders take black as 1.
  const source = { width: image.width, height: image.height, data: packRows(image).map((byte) => ~byte & 0xff) };
  const data = filter === 'CCITTFaxDecode' ? encodeCcittG4(source) : encodeJbig2(source);
  const parms = `/DecodeParms << /K -1 /Columns ${image.width} /Rows ${image.height} >>`;
  return { entries: `/Filter /${filter} ${filter === 'CCITTFaxDecode' ? parms : ''}`, data: Buffer.from(data) };
}

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  setQuality(isLossless: boolean, quality: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
type LoadOpenJpeg = (options: object) => Promise<{ readonly J2KEncoder: new () => Encoder }>;

/** A lossless JPEG 2000 codestream. */
async function jpx(image: TableImage): Promise<Buffer> {
  const { width, height, channels } = image;
  const load = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as LoadOpenJpeg;
  const quiet = { print: () => undefined, printErr: () => undefined };
  const { J2KEncoder } = await load(quiet);
  const encoder = new J2KEncoder();
  const frame = { width, height, bitsPerSample: 8, componentCount: channels, isSigned: false };
  encoder.getDecodedBuffer(frame).set(packRows(image));
  encoder.setQuality(true, 0);
  encoder.encode();
  return Buffer.from(encoder.getEncodedBuffer());
}
