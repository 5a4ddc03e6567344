import { create } from 'content-disposition';

/** Most code points of a name that is shown. */
export const MAX_NAME_CHARACTERS = 120;

/** Controls, line separators and the bidirectional formatting characters that make a name read otherwise than it is. */
const UNSHOWN = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd\ufff9-\ufffb]/gu;

/** A client's file name for display: its last path segment, cleaned and cut; `file N` where nothing is left. */
export function cleanName(name: string, position: number): string {
  return clean(name) || `file ${position + 1}`;
}

/** A client's wish for the result's name, with `.pdf` at its end; undefined where nothing usable is left. */
export function cleanOutputName(name: string): string | undefined {
  const stem = clean(name)
    .replace(/\.pdf$/i, '')
    .trim();
  return stem === '' ? undefined : `${stem}.pdf`;
}

function clean(name: string): string {
  const segment = name.split(/[/\\]/).at(-1) ?? '';
  const shown = Array.from(segment.replace(UNSHOWN, '')).slice(0, MAX_NAME_CHARACTERS).join('').trim();
  return /^\.*$/.test(shown) ? '' : shown;
}

/**
 * Returns the Content-Disposition header that offers a download under `name` (RFC 6266). Clients that do not know the
 * extended form of RFC 8187 get an ASCII name. The name is always quoted, since some clients expect that.
 */
export function contentDisposition(name: string): string {
  const fallback = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  return create(name, { fallback }).replace(/filename=([^";]+)/, 'filename="$1"');
}
