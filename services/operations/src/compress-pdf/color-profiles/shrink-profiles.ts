import { hash } from 'node:crypto';
import { PdfDict, PdfName, PdfRef, PdfStream, findReachable, isName } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from '../changes.js';
import { deflateBest } from '../packing.js';
import { colorSpaceOf, readCurveProfile, writeCurveProfile } from './icc-profile.js';

/** What was done about colour profiles. Bytes are those of their streams, each counted once. */
export interface ShrunkProfiles {
  readonly count: number;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

interface Options {
  readonly changes: Changes;
  readonly signal: AbortSignal;
  /** The objects that the trailer leads to. */
  readonly numbers: Iterable<SourceObjectNumber>;
  /** Whether the bytes of profiles may change, which a standard for archives or prepress may not allow. */
  readonly mayRewrite: boolean;
}

/** Larger data are no profile. */
const MAX_PROFILE_BYTES = 2 ** 24;
const DEVICE_SPACES: Readonly<Record<string, readonly [name: string, components: number]>> = {
  GRAY: ['DeviceGray', 1],
  'RGB ': ['DeviceRGB', 3],
  CMYK: ['DeviceCMYK', 4],
};

interface Profile {
  readonly num: SourceObjectNumber;
  readonly stream: PdfStream;
  readonly encoded: Buffer;
  readonly decoded: Buffer;
}

/**
 * Gives profiles with equal contents the same stream, so that the writer shares it, and writes profiles with tone curves in
 * as few bytes as they need. Colours stay the same.
 */
export async function shrinkProfiles(
  file: PdfFile,
  { changes, signal, numbers, mayRewrite }: Options,
): Promise<ShrunkProfiles> {
  const profiles = [...profileNumbers(file, changes, numbers)].flatMap((num) => readProfile(file, changes, num) ?? []);
  const groups = new Map<string, Profile[]>();
  for (const profile of profiles) {
    const digest = hash('sha256', profile.decoded);
    groups.set(digest, [...(groups.get(digest) ?? []), profile]);
  }
  const written = new Set<Buffer>();
  for (const group of groups.values()) {
    signal.throwIfAborted();
    const data = await smallest(group, mayRewrite);
    written.add(data);
    for (const { num, stream } of group) changes.replace(num, new PdfStream(deflated(stream.dict), data));
  }
  const sum = (buffers: readonly Buffer[]): number => buffers.reduce((bytes, { length }) => bytes + length, 0);
  return {
    count: profiles.length,
    bytes_before: sum(profiles.map(({ encoded }) => encoded)),
    bytes_after: sum([...written]),
  };
}

/** The smallest deflated data for profiles with the same contents. */
async function smallest(group: readonly Profile[], mayRewrite: boolean): Promise<Buffer> {
  const [{ decoded } = { decoded: Buffer.alloc(0) }] = group;
  const curves = mayRewrite ? readCurveProfile(decoded) : undefined;
  const rewritten = curves && writeCurveProfile(curves);
  const packed = await deflateBest(rewritten && rewritten.length < decoded.length ? rewritten : decoded);
  const known = group.filter(({ stream }) => isDeflated(stream)).map(({ encoded }) => encoded);
  return known.reduce((best, encoded) => (encoded.length < best.length ? encoded : best), packed);
}

/** Whether the only filter of a stream is FlateDecode without parameters. */
function isDeflated({ dict }: PdfStream): boolean {
  const filter = dict.get('Filter');
  return filter instanceof PdfName && filter.value === 'FlateDecode' && !dict.has('DecodeParms');
}

function deflated(dict: PdfDict): PdfDict {
  const changed = new PdfDict(dict);
  changed.delete('DecodeParms');
  return changed.set('Filter', new PdfName('FlateDecode'));
}

function readProfile(file: PdfFile, changes: Changes, num: SourceObjectNumber): Profile | undefined {
  const stream = changes.current(num);
  if (!(stream instanceof PdfStream) || stream.dict.has('F')) return undefined;
  try {
    const { bytes: decoded, left } = file.decoded(stream);
    const [, components] = DEVICE_SPACES[colorSpaceOf(decoded) ?? ''] ?? [];
    const isUsable = components !== undefined && components === file.resolve(stream.dict.get('N'));
    if (left.length > 0 || decoded.length > MAX_PROFILE_BYTES || !isUsable) return undefined;
    return { num, stream, encoded: file.encoded(stream), decoded };
  } catch {
    // A damaged profile stays as it is. Readers use the alternate space instead.
    return undefined;
  }
}

/** The object numbers of the profiles that ICCBased colour spaces name (ISO 32000-2, 8.6.5.5). */
function profileNumbers(
  file: PdfFile,
  changes: Changes,
  numbers: Iterable<SourceObjectNumber>,
): Set<SourceObjectNumber> {
  const found = new Set<SourceObjectNumber>();
  const visit = (value: PdfObject): PdfObject => {
    const ref = profileOf(file, value);
    if (ref) found.add(ref.num);
    return value;
  };
  for (const num of numbers) rewrite(changes.current(num), visit);
  return found;
}

/** The profile that an ICCBased colour space refers to. */
function profileOf(file: PdfFile, value: PdfObject): PdfRef | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [family, profile] = value as readonly PdfObject[];
  return profile instanceof PdfRef && isName(file.resolve(family), 'ICCBased') ? profile : undefined;
}

/**
 * Replaces ICCBased colour spaces by the device space with the same components, in all objects or in those with these
 * numbers. Profiles of the Lab space, and those that cannot be read, stay. Returns the number of replaced spaces.
 */
export function stripProfiles(
  file: PdfFile,
  changes: Changes,
  numbers: Iterable<SourceObjectNumber> = findReachable(file).numbers,
): number {
  let count = 0;
  const replace = (value: PdfObject): PdfObject => {
    const ref = profileOf(file, value);
    const name = ref && deviceSpace(file, ref.num);
    if (name === undefined) return value;
    count += 1;
    return new PdfName(name);
  };
  for (const num of numbers) {
    const before = changes.current(num);
    const after = rewrite(before, replace);
    if (after !== before) changes.replace(num, after);
  }
  return count;
}

function deviceSpace(file: PdfFile, num: SourceObjectNumber): string | undefined {
  const stream = file.load(num);
  if (!(stream instanceof PdfStream)) return undefined;
  try {
    const [name, components] = DEVICE_SPACES[colorSpaceOf(file.decoded(stream).bytes) ?? ''] ?? [];
    return components === file.resolve(stream.dict.get('N')) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Applies `change` to a value and all values in it, outermost first. The parser limits the depth. */
function rewrite(value: PdfObject, change: (value: PdfObject) => PdfObject): PdfObject {
  const changed = change(value);
  if (changed !== value) return changed;
  if (value instanceof PdfStream) {
    const dict = rewrite(value.dict, change);
    return dict instanceof PdfDict && dict !== value.dict ? new PdfStream(dict, value.data, value.id) : value;
  }
  if (value instanceof PdfDict) return rewriteDict(value, change);
  if (!Array.isArray(value)) return value;
  const items = (value as readonly PdfObject[]).map((item) => rewrite(item, change));
  return items.some((item, index) => item !== value[index]) ? items : value;
}

function rewriteDict(dict: PdfDict, change: (value: PdfObject) => PdfObject): PdfDict {
  const entries = [...dict].map(([key, item]) => [key, rewrite(item, change)] as const);
  return entries.some(([key, item]) => item !== dict.get(key)) ? new PdfDict(entries) : dict;
}
