import type { JsonObject } from '../operation.js';
import { notLinearizedNote } from '../linearized-output.js';
import { encryptionNote } from '../output-password.js';
import { UNENCRYPTED } from '@pdf-tools/pdf';
import type { ConformanceClaim } from '@pdf-tools/pdf';
import type { ShrunkProfiles } from './color-profiles/shrink-profiles.js';
import type { FontOutcome } from './fonts/replace-programs.js';
import type { ColorMode, CompressParams } from './params.js';
import type { Repacked } from './repack-streams.js';
import type { ImageOutcome } from './shrink-images.js';
import type { Target } from './target-size.js';

/** Maximum number of images that the report lists. All are counted. */
const MAX_LISTED = 200;

/** What was changed to make the file smaller. */
export interface Work {
  readonly images: readonly ImageOutcome[];
  readonly fonts: readonly FontOutcome[];
  /** What is left in colour other than images, and how often. */
  readonly colored: ReadonlyMap<string, number>;
  readonly profiles: ShrunkProfiles & { readonly stripped: number };
  readonly streams: Repacked;
  /** Removed entries for metadata, thumbnails and private data. */
  readonly strippedEntries: number;
  readonly dropped: number;
  /** Inline images of more than 4 KB, which are not encoded again. */
  readonly inlineImages: number;
  /** Whether the written document is linearized, and if not, the reason. Undefined if that was not asked for. */
  readonly linearization?: Linearization | undefined;
  /** The target size, and the values of the attempt that was written. */
  readonly target?: Target;
}

/** `reason` is undefined for a linearized document. */
export interface Linearization {
  readonly reason: string | undefined;
}

/** Whether the written document is linearized. */
export function isLinearized({ linearization }: Work): boolean {
  return linearization !== undefined && linearization.reason === undefined;
}

/** The report entries for images, streams and objects. */
export function describeWork({ images, fonts, profiles, streams, strippedEntries, dropped }: Work): JsonObject {
  const counts = { resampled: 0, recompressed: 0, converted: 0, kept: 0 };
  for (const { action } of images) counts[action] += 1;
  return {
    images: images.slice(0, MAX_LISTED).map((image) => ({ ...image })),
    image_counts: counts,
    fonts: fonts.slice(0, MAX_LISTED).map((font) => ({ ...font })),
    ...(profiles.count + profiles.stripped > 0 && { color_profiles: { ...profiles } }),
    streams: { ...streams },
    ...(strippedEntries > 0 && { stripped_entries: strippedEntries }),
    dropped_objects: dropped,
  };
}

/** The report entry for a target size, of a result with this size. */
export function describeTarget(target: Target | undefined, resultBytes: number): JsonObject {
  if (!target) return {};
  const { bytes, dpi, image_quality } = target;
  return { target: { bytes, met: resultBytes <= bytes, dpi, image_quality } };
}

/** What the notes of a report depend on. */
interface Facts {
  readonly signed: boolean;
  readonly decrypted: boolean;
  /** Whether the result is the rewritten document. */
  readonly isDelivered: boolean;
  /** Whether the result has more bytes than the file. */
  readonly isLarger: boolean;
  readonly claims: readonly ConformanceClaim[];
  readonly work: Work;
}

/** The report entry for notes, if there are any. */
export function describeNotes(
  { signed, decrypted, isDelivered, isLarger, claims, work }: Facts,
  {
    bilevel,
    color_mode,
    output_password,
    strip_metadata,
  }: Pick<CompressParams, 'bilevel' | 'color_mode' | 'output_password' | 'strip_metadata'>,
): JsonObject {
  const unencrypted = output_password === '' ? [] : claims.filter(({ standard }) => UNENCRYPTED.includes(standard));
  const notes = [
    ...(signed ? ['The signatures were removed. Their fields are kept and can be signed again.'] : []),
    ...(decrypted ? ['Owner restrictions are removed.'] : []),
    ...unencrypted.map(encryptionNote),
    ...(strip_metadata ? claims.filter(({ standard }) => standard !== 'PDF/UA').map(metadataNote) : []),
    ...colorNotes(work, color_mode, isDelivered),
    ...(bilevel === 'ccitt' ? jbig2Notes(work) : []),
    ...inlineNotes(work),
    ...linearizationNotes(work, isLarger),
  ];
  return notes.length > 0 ? { notes } : {};
}

function metadataNote({ label }: ConformanceClaim): string {
  return `Metadata and colour profiles are kept, because the file claims ${label}.`;
}

function inlineNotes({ inlineImages: count }: Work): string[] {
  if (count === 0) return [];
  const [images, were] = count === 1 ? ['image', 'was'] : ['images', 'were'];
  return [`${count} large inline ${images} in content streams ${were} not encoded again.`];
}

function linearizationNotes({ linearization }: Work, isLarger: boolean): string[] {
  if (!linearization) return [];
  if (linearization.reason !== undefined) return [notLinearizedNote(linearization.reason)];
  return isLarger ? ['The linearized result is larger than the file.'] : [];
}

/** Notes about colours that may remain. A file that does not get smaller keeps all colours. */
function colorNotes({ images, colored }: Work, mode: ColorMode, isDelivered: boolean): string[] {
  if (mode === 'no-change') return [];
  if (!isDelivered) return ['All colours are unchanged, since the result would not be smaller than the file.'];
  const kept = images.filter((image) => image.colored).length;
  const notes = [...colored].map(([what, count]) => `left in colour: ${what}${count > 1 ? ` (${count} times)` : ''}`);
  if (kept > 0) notes.push(`left in colour: ${kept} ${kept === 1 ? 'image' : 'images'}, see "images"`);
  if (mode === 'bitonal') notes.push('Text, vector graphics and shadings are grey, not black and white.');
  return notes;
}

/** Whether an image was stored in JBIG2. */
export function isInJbig2({ filter }: ImageOutcome): boolean {
  return filter.endsWith('JBIG2Decode');
}

function jbig2Notes({ images }: Work): string[] {
  const kept = images.filter((image) => isInJbig2(image) && image.action === 'kept').length;
  return kept > 0 ? [`left in JBIG2: ${kept} ${kept === 1 ? 'image' : 'images'}, see "images"`] : [];
}
