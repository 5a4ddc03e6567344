import type { Json, JsonObject } from '@pdf-tools/operations/operation';
import type { JobRecord, JobResult } from '@pdf-tools/jobs/record';
import type { Storage } from '@pdf-tools/runtime/storage';

/** Most bytes of a report in a job's record, as JSON in UTF-8. Redis holds it as long as the result is kept. */
const MAX_INLINE_BYTES = 768;
/** The same for a job with a webhook, which may be sent when the result is gone. */
export const MAX_WEBHOOK_BYTES = 32_768;
/** Most bytes of a report in a file beside the result. */
export const MAX_STORED_BYTES = 262_144;

/** From the mildest on: most characters of a text or name, and most entries of a list or an object. */
const BOUNDS = [
  { characters: 200, entries: 500 },
  { characters: 100, entries: 100 },
  { characters: 50, entries: 10 },
] as const;

type Bounds = (typeof BOUNDS)[number];

/**
 * Returns what a job's record holds of its report. A report that is too long for it is written to a file beside the result
 * first.
 */
export async function keepReport(
  { id, fence, callback_url }: Pick<JobRecord, 'id' | 'fence' | 'callback_url'>,
  report: JsonObject,
  storage: Pick<Storage, 'writeReport'>,
): Promise<Pick<JobResult, 'report' | 'report_stored'>> {
  if (callback_url !== undefined) return { report: boundReport(report, MAX_WEBHOOK_BYTES) };
  if (fits(report, MAX_INLINE_BYTES)) return { report: { ...report } };
  await storage.writeReport(id, fence, JSON.stringify(boundReport(report, MAX_STORED_BYTES)));
  return { report: flags(report), report_stored: true };
}

/** The yes-or-no members of a report, which headers of the result are made of. */
function flags(report: JsonObject): Record<string, Json> {
  return Object.fromEntries(Object.entries(report).filter(([, member]) => typeof member === 'boolean'));
}

/**
 * Returns a report of so many bytes at most. Long texts are cut and end in "…", long lists and objects lose their last
 * entries, and `shortened: true` says so. A report that fits is returned unchanged.
 */
export function boundReport(report: JsonObject, most: number): Record<string, Json> {
  if (fits(report, most)) return { ...report };
  for (const bounds of BOUNDS) {
    const shorter = { ...members(report, bounds), shortened: true };
    if (fits(shorter, most)) return shorter;
  }
  return { shortened: true };
}

function fits(report: JsonObject, most: number): boolean {
  return Buffer.byteLength(JSON.stringify(report)) <= most;
}

function members(value: JsonObject, bounds: Bounds): JsonObject {
  const kept = Object.entries(value).slice(0, bounds.entries);
  return Object.fromEntries(kept.map(([name, member]) => [cut(name, bounds), shorten(member, bounds)]));
}

function shorten(value: Json, bounds: Bounds): Json {
  if (typeof value === 'string') return cut(value, bounds);
  if (typeof value !== 'object' || value === null) return value;
  return isList(value) ? value.slice(0, bounds.entries).map((entry) => shorten(entry, bounds)) : members(value, bounds);
}

function cut(text: string, { characters }: Bounds): string {
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
