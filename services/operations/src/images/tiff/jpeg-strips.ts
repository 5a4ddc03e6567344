import type { TiffPage } from './page.js';

/** A JPEG of one scan, split at the data of that scan. */
interface SingleScan {
  /** From SOI up to the scan header and with it. */
  readonly header: Buffer;
  /** Position of the height in the header. */
  readonly heightAt: number;
  /** Position of the scan header. */
  readonly scanAt: number;
  readonly sampling: readonly number[];
  readonly data: Buffer;
}

const [SOS, DRI, EOI] = [0xda, 0xdd, 0xd9];
const FIRST_RESTART = 0xd0;
const MAX_RESTART_INTERVAL = 65_535;

/**
 * Joins the JPEG streams of strips to one, with restart markers between the data of the strips. Returns undefined if the
 * streams differ in more than their heights, or if a strip does not end with a row of MCUs.
 */
export function joinStrips(page: TiffPage, streams: readonly Buffer[]): Buffer | undefined {
  const strips = streams.map((stream) => splitSingleScan(stream));
  const [first] = strips;
  if (!first) return undefined;
  const interval = restartInterval(page, first);
  if (interval === undefined) return undefined;
  const parts: Buffer[] = [joinedHeader(page, first, interval)];
  for (const [index, strip] of strips.entries()) {
    if (!strip || !sameHeader(strip, first)) return undefined;
    if (index > 0) parts.push(Buffer.of(0xff, FIRST_RESTART + ((index - 1) & 7)));
    parts.push(strip.data);
  }
  return Buffer.concat([...parts, Buffer.of(0xff, EOI)]);
}

function splitSingleScan(stream: Buffer): SingleScan | undefined {
  let [heightAt, sampling] = [0, [] as readonly number[]];
  for (let at = 2; at + 4 <= stream.length;) {
    const code = stream[at + 1] ?? 0;
    const end = at + 2 + stream.readUInt16BE(at + 2);
    if (stream[at] !== 0xff || end > stream.length || code === DRI) return undefined;
    if (code === 0xc0 || code === 0xc1) {
      heightAt = at + 5;
      const count = stream[at + 9] ?? 0;
      sampling = Array.from({ length: count }, (_none, nth) => stream[at + 11 + 3 * nth] ?? 0);
    }
    if (code === SOS) return withScan(stream, { header: stream.subarray(0, end), heightAt, scanAt: at, sampling });
    at = end;
  }
  return undefined;
}

/** Adds the data of the scan. Undefined if the scan does not have all components. */
function withScan(stream: Buffer, headers: Omit<SingleScan, 'data'>): SingleScan | undefined {
  const data = scanData(stream, headers.header.length);
  const isWhole = headers.heightAt > 0 && stream[headers.scanAt + 4] === headers.sampling.length;
  return data && isWhole ? { ...headers, data } : undefined;
}

/** The data of a scan up to the end of the image. Undefined if another segment or a restart follows. */
function scanData(stream: Buffer, start: number): Buffer | undefined {
  for (let at = stream.indexOf(0xff, start); at >= 0; at = stream.indexOf(0xff, at + 2)) {
    const code = stream[at + 1] ?? 0;
    if (code === EOI) return stream.subarray(start, at);
    if (code !== 0) return undefined;
  }
  return undefined;
}

function sameHeader(strip: SingleScan, first: SingleScan): boolean {
  const { heightAt } = first;
  return (
    strip.heightAt === heightAt &&
    strip.header.subarray(0, heightAt).equals(first.header.subarray(0, heightAt)) &&
    strip.header.subarray(heightAt + 2).equals(first.header.subarray(heightAt + 2))
  );
}

/** MCUs of a strip, or undefined if its rows of pixels are not whole rows of MCUs (T.81, A.2). */
function restartInterval({ width, blocks }: TiffPage, { sampling }: SingleScan): number | undefined {
  const single = sampling.length === 1;
  const across = single ? 8 : 8 * Math.max(...sampling.map((factors) => factors >> 4));
  const down = single ? 8 : 8 * Math.max(...sampling.map((factors) => factors & 15));
  const interval = Math.ceil(width / across) * (blocks.height / down);
  return blocks.height % down === 0 && interval <= MAX_RESTART_INTERVAL ? interval : undefined;
}

function joinedHeader({ height }: TiffPage, { header, heightAt, scanAt }: SingleScan, interval: number): Buffer {
  const start = Buffer.from(header.subarray(0, scanAt));
  start.writeUInt16BE(height, heightAt);
  const restart = Buffer.of(0xff, DRI, 0, 4, interval >> 8, interval & 0xff);
  return Buffer.concat([start, restart, header.subarray(scanAt)]);
}
