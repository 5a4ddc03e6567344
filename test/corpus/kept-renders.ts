import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { renderPages } from './frames.js';
import type { Frame, RenderPlan } from './frames.js';

/** Renders of a file that are kept on disk, one page per file. */
export interface KeptRenders {
  readonly folder: string;
  readonly count: number;
  readonly timedOut: boolean;
}

const HEADER_BYTES = 8;

/** Renders pages into a folder. */
export async function keepRenders(path: string, plan: RenderPlan, folder: string): Promise<KeptRenders> {
  await mkdir(folder, { recursive: true });
  const { count, timedOut } = await renderPages(path, plan, async ({ width, height, data }, index) => {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    const packed = await promisify(deflate)(data, { level: 1 });
    await writeWhole(placeOf(folder, index), Buffer.concat([header, packed]));
    return true;
  });
  return { folder, count, timedOut };
}

/** Reads one page, counted from 0. */
export async function readRender({ folder }: KeptRenders, index: number): Promise<Frame> {
  const bytes = await readFile(placeOf(folder, index));
  const data = await promisify(inflate)(bytes.subarray(HEADER_BYTES));
  return { width: bytes.readUInt32BE(0), height: bytes.readUInt32BE(4), data };
}

function placeOf(folder: string, index: number): string {
  return join(folder, `${index}.z`);
}

/** Writes a file so that readers see all of it or nothing: two lanes may keep the same input. */
export async function writeWhole(place: string, content: string | Uint8Array): Promise<void> {
  const part = `${place}.${randomUUID()}.part`;
  await writeFile(part, content);
  await rename(part, place);
}
