import { create } from 'content-disposition';

/** Limit of the code points of a displayed name. */
export const MAX_NAME_CHARACTERS = 120;

/** Control characters, line separators, and formatting characters that change how a name reads. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd\ufff9-\ufffb]/gu;

/**
 * Returns a client's file name for display as its last path segment, cleaned and shortened, or `file N` if it is empty.
 */
export function cleanName(name: string, position: number): string {
  return clean(name) || `file ${position + 1}`;
}

/**
 * Returns the file name that a client asks for, cleaned and with the extension of the result. Undefined if nothing usable
 * is left.
 */
export function cleanOutputName(name: string, extension: string): string | undefined {
  const cleaned = clean(name);
  const ending = `.${extension}`;
  const hasEnding = cleaned.toLowerCase().endsWith(ending);
  const stem = hasEnding ? cleaned.slice(0, -ending.length).trim() : cleaned;
  return stem === '' ? undefined : `${stem}${ending}`;
}

function clean(name: string): string {
  const segment = name.split(/[/\\]/).at(-1) ?? '';
  const shown = Array.from(segment.replace(HIDDEN, '')).slice(0, MAX_NAME_CHARACTERS).join('').trim();
  return /^\.*$/.test(shown) ? '' : shown;
}

/**
 * Returns the Content-Disposition header that offers a download under `name` (RFC 6266). Clients that do not know the
 * extended form of RFC 8187 get an ASCII name. The name is always quoted, since some clients expect that.
 */
export function contentDisposition(name: string): string {
  const fallback = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  return create(name, { fallback }).replace(/^attachment; filename=([^";]+)/, 'attachment; filename="$1"');
}
