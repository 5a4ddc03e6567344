import { createRequire } from 'node:module';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { PdfDict, PdfStream } from '@pdf-tools/pdf';
import type { PdfFile, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';
import type { Repacked } from './repack-streams.js';

const inflateAsync = promisify(inflate);

/** Zopfli takes about a second for data of this size. Larger data stay as zlib deflated them. */
const MAX_BYTES = 256 * 1024;
/** The streams that are left after this time stay as zlib deflated them. */
const MAX_MS = 15_000;
/** More passes take longer and save almost nothing. */
const PASSES = 5;
/** Events whose listeners the module adds, which would end the process. */
const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

type Zopfli = (data: Buffer, options: { readonly numiterations: number }) => Promise<Uint8Array>;

interface Options {
  readonly changes: Changes;
  readonly signal: AbortSignal;
}

/**
 * Deflates the Flate streams of a document again with zopfli, which searches longer than zlib for the smallest data of the
 * same format (RFC 1951). Works within a time limit.
 */
export async function deflateWithZopfli(
  file: PdfFile,
  streams: Iterable<SourceObjectNumber>,
  { changes, signal }: Options,
): Promise<Repacked> {
  const zopfli = loadZopfli();
  const deadline = performance.now() + MAX_MS;
  let [repacked, saved] = [0, 0];
  for (const num of new Set([...streams, ...[...changes.entries()].map(([changed]) => changed)])) {
    if (performance.now() > deadline) break;
    const stream = changes.current(num);
    if (!(stream instanceof PdfStream) || !isFlate(file, stream)) continue;
    await yieldToEventLoop();
    signal.throwIfAborted();
    const data = await deflate(file.encoded(stream), zopfli);
    if (!data) continue;
    // The other streams have been counted when they were replaced.
    if (!Buffer.isBuffer(stream.data)) repacked += 1;
    saved += stream.data.length - data.length;
    changes.replace(num, new PdfStream(new PdfDict(stream.dict), data));
  }
  return { repacked, saved_bytes: saved };
}

/** Whether FlateDecode is the first filter. An encrypted file's Crypt filter is left alone. */
function isFlate(file: PdfFile, { dict, data }: PdfStream): boolean {
  return !dict.has('F') && data.length > 0 && data.length <= MAX_BYTES && file.filters(dict)[0]?.name === 'FlateDecode';
}

/** Returns undefined if the data are damaged, too large, or do not get smaller. */
async function deflate(encoded: Buffer, zopfli: Zopfli): Promise<Buffer | undefined> {
  const plain = await inflateAsync(encoded, { maxOutputLength: MAX_BYTES }).catch(() => undefined);
  if (!plain || plain.length === 0) return undefined;
  const data = Buffer.from(await zopfli(plain, { numiterations: PASSES }));
  return data.length < encoded.length ? data : undefined;
}

/** Loads the module only when it is used. The process keeps only its own listeners. */
function loadZopfli(): Zopfli {
  const known = EVENTS.map((event) => new Set(process.rawListeners(event)));
  const { zlibAsync } = createRequire(import.meta.url)('@gfx/zopfli') as { zlibAsync: Zopfli };
  for (const [index, event] of EVENTS.entries())
    for (const listener of process.rawListeners(event))
      if (!known[index]?.has(listener)) process.removeListener(event, listener as (...args: unknown[]) => void);
  return zlibAsync;
}
