import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { produce } from '@pdf-tools/harness/documents/workshop';
import imageToPdf from '../../image-to-pdf/definition.js';
import type { ImageFrame } from '../pdf-image.js';
import { BLEND, DISPOSE, countFrames } from './animation.js';
import { readAnimatedPng } from './read-apng.js';

const [GRAY_ALPHA, RGB] = [4, 2];
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), body, Buffer.alloc(4)]);
  bytes.writeUInt32BE(body.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

function numbers(...values: readonly number[]): Buffer {
  const body = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) body.writeUInt32BE(value, 4 * at);
  return body;
}

interface Part {
  /** Left edge and width. All frames have one row. */
  readonly left?: number;
  readonly width?: number;
  readonly dispose?: number;
  readonly blend?: number;
  readonly samples: readonly number[];
}

interface Settings {
  readonly colorType?: number;
  readonly width?: number;
  readonly height?: number;
  /** Whether the image is not part of the animation. */
  readonly hidden?: boolean;
  readonly promised?: number;
}

const compressed = (samples: readonly number[]): Buffer => deflateSync(Uint8Array.from([0].concat(samples)));

/** An animation of one row. */
function animation(parts: readonly Part[], settings: Settings = {}): Buffer {
  const { colorType = GRAY_ALPHA, width = 3, height = 1, hidden = false, promised = parts.length } = settings;
  const header = Buffer.concat([numbers(width, height), Buffer.of(8, colorType, 0, 0, 0)]);
  const channels = colorType === RGB ? 3 : 2;
  let sequence = 0;
  const frames = parts.flatMap((part, at) => {
    const { left = 0, samples, dispose = DISPOSE.none, blend = BLEND.source } = part;
    const control = numbers(sequence++, part.width ?? samples.length / channels, 1, left, 0);
    const data = compressed(samples);
    return [
      chunk('fcTL', Buffer.concat([control, Buffer.of(0, 1, 0, 10, dispose, blend)])),
      at === 0 && !hidden ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([numbers(sequence++), data])),
    ];
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('acTL', numbers(promised, 0)),
    ...(hidden ? [chunk('IDAT', compressed(new Array<number>(width * channels).fill(9)))] : []),
    ...frames,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function framesOf(file: Buffer): Promise<ImageFrame[]> {
  const frames: ImageFrame[] = [];
  const { signal } = new AbortController();
  for await (const frame of readAnimatedPng(file, countFrames(file), { signal })) frames.push(frame);
  return frames;
}

/** The gray samples of a frame and its alpha, which is opaque without a soft mask. */
function samplesOf({ image }: ImageFrame): readonly (readonly number[])[] {
  const { width, height, softMask } = image;
  const alpha = softMask ? [...decodeFlateImage(softMask)] : new Array<number>(width * height).fill(255);
  return [[...decodeFlateImage(image)], alpha];
}

const FIRST: Part = { samples: [10, 255, 20, 255, 30, 255] };

describe('readAnimatedPng', () => {
  it.each([
    ['replaces an area', { left: 1, samples: [99, 128] }, [10, 99, 30], [255, 128, 255]],
    ['draws over opaque pixels', { left: 1, samples: [120, 51], blend: BLEND.over }, [10, 40, 30], [255, 255, 255]],
    [
      'draws nothing that is transparent',
      { samples: [9, 0, 9, 0, 9, 0], blend: BLEND.over },
      [10, 20, 30],
      [255, 255, 255],
    ],
  ])('%s', async (_what, part, colors, alpha) => {
    const [, frame] = await framesOf(animation([FIRST, part]));
    expect(frame && samplesOf(frame)).toEqual([colors, alpha]);
  });

  it.each([
    ['leaves a frame', DISPOSE.none, [10, 77, 88], [255, 255, 255]],
    ['clears the area of a frame', DISPOSE.background, [10, 0, 88], [255, 0, 255]],
    ['restores what was before a frame', DISPOSE.previous, [10, 20, 88], [255, 255, 255]],
  ])('%s before the next one', async (_what, dispose, colors, alpha) => {
    const frames = await framesOf(
      animation([FIRST, { left: 1, samples: [77, 255], dispose }, { left: 2, samples: [88, 255] }]),
    );
    expect(frames.map(({ frameCount }) => frameCount)).toEqual([3, 3, 3]);
    expect(frames[2] && samplesOf(frames[2])).toEqual([colors, alpha]);
  });

  it('draws over transparent pixels without their colour', async () => {
    const start = { samples: [200, 0, 200, 128, 200, 255] };
    const over = { samples: [100, 128, 100, 128, 100, 128], blend: BLEND.over };
    const [, frame] = await framesOf(animation([start, over]));
    expect(frame && samplesOf(frame)).toEqual([
      [100, 133, 150],
      [128, 192, 255],
    ]);
  });

  it('keeps the data of an image that is the first frame', async () => {
    const samples = [200, 40, 10, 1, 2, 3, 4, 5, 6];
    const [frame] = await framesOf(animation([{ samples }, { samples }], { colorType: RGB }));
    expect(frame?.hasOwnData).toBe(true);
    expect(frame && Buffer.concat(frame.image.data).equals(compressed(samples))).toBe(true);
  });

  it('leaves out an image that is not part of the animation', async () => {
    const frames = await framesOf(animation([FIRST, FIRST], { hidden: true }));
    expect(frames.map((frame) => samplesOf(frame)[0])).toEqual([
      [10, 20, 30],
      [10, 20, 30],
    ]);
  });

  it.each([
    ['is missing', animation([FIRST, FIRST], { promised: 3 }), 3],
    ['is outside of the image', animation([FIRST, FIRST, { left: 2, samples: [1, 2, 3, 4] }]), 3],
    ['has a damaged checksum', damaged(animation([FIRST, FIRST, FIRST])), 3],
  ])('shows the frames before one that %s, and notes it', async (_what, file, promised) => {
    const frames = await framesOf(file);
    const note = `its animation is damaged, and only 2 of its ${promised} frames have a page`;
    expect(frames.map(({ notes }) => notes?.at(-1))).toEqual([note, note]);
  });

  it('shows only as many frames as the animation promises, and notes it', async () => {
    const frames = await framesOf(animation(new Array<Part>(20_000).fill(FIRST), { promised: 2 }));
    const note = 'its animation is damaged, and only the 2 frames that it promises have a page';
    expect(frames.map(({ notes }) => notes)).toEqual([[note], [note]]);
  });

  it.each([
    ['does not cover the image', { ...FIRST, width: 2 }],
    ['is not inside of it', { ...FIRST, left: 1 }],
  ])('shows the image of an animation whose first frame is the image and %s', async (_what, first) => {
    const frames = await framesOf(animation([first, FIRST]));
    expect(frames.map(({ notes }) => notes)).toEqual([['its animation is damaged, and only its image has a page']]);
  });

  it('shows only the image of an animation that is too wide', async () => {
    const row = new Array<number>(1_100_000 * 3).fill(0);
    const frames = await framesOf(
      animation([{ samples: row }, { samples: row }], { colorType: RGB, width: 1_100_000 }),
    );
    expect(frames.map(({ notes }) => notes)).toEqual([['its animation is too large, and only its image has a page']]);
  });

  it('shows the image of an animation without frames, and notes it', async () => {
    const frames = await framesOf(animation([], { hidden: true, promised: 2 }));
    expect(frames.map(({ notes }) => notes)).toEqual([['its animation is damaged, and only its image has a page']]);
  });

  it('shows only the image of an animation that is too large', async () => {
    const row = new Array<number>(26_000 * 2).fill(0);
    const file = animation([{ samples: row }, { samples: row }], { width: 26_000 });
    const rows = deflateSync(Buffer.alloc((row.length + 1) * 1000), { level: 1 });
    const tall = Buffer.concat([file.subarray(0, 8), chunk('IHDR', tallHeader(file)), ...withImage(file, rows)]);
    const frames = await framesOf(tall);
    expect(frames.map(({ notes }) => notes)).toEqual([['its animation is too large, and only its image has a page']]);
  });

  it('refuses more frames than the limit, and frames that cannot be decoded', async () => {
    await expect(framesOf(animation([FIRST], { promised: 1001 }))).rejects.toMatchObject({ code: 'too_many_pages' });
    const short = animation([FIRST, { samples: [1, 2], width: 3 }]);
    await expect(framesOf(short)).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('gives each frame a page of its own', async () => {
    const file = animation([FIRST, FIRST, FIRST]);
    expect((await produce(imageToPdf, [['a.png', file]])).result.pages).toBe(3);
    const { result } = await produce(imageToPdf, [['a.png', file]], { params: { frames: 'first' } });
    expect(result.report).toMatchObject({ files: [{ pages: 1, frames_left_out: 2 }] });
  });
});

/** Damages the checksum of the last frame control. */
function damaged(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  const at = copy.lastIndexOf('fcTL') + 4 + 26;
  copy.writeUInt32BE((copy.readUInt32BE(at) ^ 1) >>> 0, at);
  return copy;
}

function tallHeader(file: Buffer): Buffer {
  const header = Buffer.from(file.subarray(16, 29));
  header.writeUInt32BE(1000, 4);
  return header;
}

/** The chunks after the header, with other image data. */
function withImage(file: Buffer, rows: Buffer): Buffer[] {
  const start = file.indexOf('IDAT') - 4;
  const end = start + 12 + file.readUInt32BE(start);
  return [file.subarray(33, start), chunk('IDAT', rows), file.subarray(end)];
}
