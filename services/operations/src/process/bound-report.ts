import type { Json, JsonObject } from '../operation.js';

/** Maximum characters of a text or name, and maximum entries of a list or an object, the mildest first. */
const BOUNDS = [
  { characters: 200, entries: 500 },
  { characters: 100, entries: 100 },
  { characters: 50, entries: 10 },
] as const;

type Bounds = (typeof BOUNDS)[number];

/**
 * Returns a report of at most `maxBytes` as JSON. Long texts are cut and end in "…", long lists and objects lose their last
 * entries, and `shortened: true` says so. A report that fits is returned unchanged.
 */
export function boundReport(report: JsonObject, maxBytes: number): Record<string, Json> {
  if (fits(report, maxBytes)) return { ...report };
  for (const bounds of BOUNDS) {
    const shorter = { ...members(report, bounds), shortened: true };
    if (fits(shorter, maxBytes)) return shorter;
  }
  return { shortened: true };
}

/** Whether a report takes at most `maxBytes` as JSON in UTF-8. */
export function fits(report: JsonObject, maxBytes: number): boolean {
  return Buffer.byteLength(JSON.stringify(report)) <= maxBytes;
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
