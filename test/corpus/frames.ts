import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A rendered page: RGB with 8 bits per sample, rows from the top. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** poppler and Ghostscript convert colours by their profiles. mutool of Debian has no colour management. */
export type Renderer = 'poppler' | 'mutool' | 'ghostscript';
/** The readers that judge a document. */
export const RENDERERS: readonly Renderer[] = ['poppler', 'mutool'];

export interface RenderPlan {
  readonly renderer: Renderer;
  /** Number of pages from the first; Infinity for all. */
  readonly pages: number;
  readonly dpi: number;
}

export interface Rendered {
  /** Frames that arrived. */
  readonly count: number;
  /** The renderer was killed because it took too long. */
  readonly timedOut: boolean;
}

const GHOSTSCRIPT = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-sDEVICE=ppmraw', '-sstdout=%stderr', '-o', '-'];
const RENDER_MS = 120_000;
/** A page with more bytes ends the rendering, so that one page never takes all memory. */
const MAX_FRAME_BYTES = 96 * 2 ** 20;
/** Ghostscript adds a comment. */
const HEADER = /^P6\s+(?:#.*\n)?(\d+)\s+(\d+)\s+255\s/;
const MAX_HEADER = 128;

/**
 * Renders pages in order and passes each one to `onFrame` as it arrives: only one page is in memory. Rendering stops
 * when `onFrame` returns false.
 */
export async function renderPages(
  path: string,
  plan: RenderPlan,
  onFrame: (frame: Frame, index: number) => Promise<boolean>,
): Promise<Rendered> {
  const [command, args] = commandOf(path, plan);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
  closed.catch(() => undefined);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, RENDER_MS);
  let count = 0;
  try {
    for await (const frame of framesIn(child.stdout)) if (!(await onFrame(frame, count++))) break;
    child.kill('SIGKILL');
    await closed;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
  return { count, timedOut };
}

function commandOf(path: string, { renderer, pages, dpi }: RenderPlan): [command: string, args: string[]] {
  const last = Number.isFinite(pages) ? String(pages) : undefined;
  const resolution = ['-r', String(dpi)];
  if (renderer === 'ghostscript')
    return ['gs', [...GHOSTSCRIPT, `-r${dpi}`, ...(last === undefined ? [] : [`-dLastPage=${last}`]), path]];
  if (renderer === 'poppler') return ['pdftoppm', [...resolution, ...(last === undefined ? [] : ['-l', last]), path]];
  return ['mutool', ['draw', '-q', ...resolution, '-c', 'rgb', '-F', 'ppm', '-o', '-', path, `1-${last ?? 'N'}`]];
}

/** Splits a stream of binary PPM images. Ends at the first byte that belongs to none. */
async function* framesIn(stream: Readable): AsyncGenerator<Frame> {
  let head = Buffer.alloc(0);
  let frame: Frame | undefined;
  let filled = 0;
  for await (const chunk of stream) {
    let rest = chunk as Buffer;
    while (rest.length > 0) {
      if (!frame) {
        head = Buffer.concat([head, rest.subarray(0, MAX_HEADER)]);
        const match = HEADER.exec(head.toString('latin1'));
        if (!match && head.length >= MAX_HEADER) return;
        rest = rest.subarray(Math.min(rest.length, MAX_HEADER));
        if (!match) continue;
        rest = Buffer.concat([head.subarray(match[0].length), rest]);
        head = Buffer.alloc(0);
        const [width, height] = [Number(match[1]), Number(match[2])];
        if (width * height * 3 > MAX_FRAME_BYTES) return;
        frame = { width, height, data: Buffer.allocUnsafe(width * height * 3) };
        filled = 0;
      }
      const taken = rest.copy(frame.data, filled);
      filled += taken;
      rest = rest.subarray(taken);
      if (filled < frame.data.length) continue;
      yield frame;
      frame = undefined;
    }
  }
}
