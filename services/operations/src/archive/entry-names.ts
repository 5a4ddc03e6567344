/** Characters that a path or a file name must not have on one of the usual systems, and invisible ones. */
const UNSAFE = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Names of devices on Windows, also with an extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
/** Most file systems allow 255 bytes. The rest is for a number and the extension. */
const MAX_STEM_BYTES = 200;

/** Gives the entries of an archive file names that are safe on all systems and differ in more than case. */
export class EntryNames {
  readonly #used = new Set<string>();

  /** Returns the name of the next entry, made of a client's file name, with this extension. */
  next(name: string, extension: string): string {
    const stem = safeStem(name, extension);
    for (let number = 1; ; number += 1) {
      const entry = `${stem}${number === 1 ? '' : ` (${number})`}.${extension}`;
      const key = entry.normalize('NFC').toLowerCase();
      if (this.#used.has(key)) continue;
      this.#used.add(key);
      return entry;
    }
  }
}

function safeStem(name: string, extension: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const ending = `.${extension}`;
  const stem = last.toLowerCase().endsWith(ending) ? last.slice(0, -ending.length) : last;
  const safe = cut(stem.normalize('NFC').replace(UNSAFE, '_')).replace(/^[\s.]+|[\s.]+$/gu, '');
  return safe === '' ? 'file' : DEVICE.test(safe.split('.', 1)[0] ?? '') ? `_${safe}` : safe;
}

/** Cuts a name between characters. */
function cut(name: string): string {
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > MAX_STEM_BYTES) break;
    kept += character;
  }
  return kept;
}
