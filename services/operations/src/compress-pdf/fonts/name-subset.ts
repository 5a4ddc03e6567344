import { createHash } from 'node:crypto';
import { PdfDict, PdfName, PdfRef } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import type { Changes } from '../changes.js';
import type { FontUser } from './font-finder.js';

const TAG = /^[A-Z]{6}\+/;
const TAG_LETTERS = 6;
const ALPHABET = 26;
const CODE_OF_A = 0x41;

/** A subset of a font program. */
interface Subset {
  readonly bytes: Uint8Array;
  /** Whether a Type 1 font became a CFF font. */
  readonly isConverted: boolean;
}

/**
 * Marks a font as a subset: adds a tag to its names if they have none (ISO 32000-2, 9.9.2), and removes the lists of
 * glyphs that no longer apply.
 */
export function nameSubset(file: PdfFile, changes: Changes, { num }: FontUser, subset: Subset): void {
  const tag = tagOf(subset.bytes);
  const font = copyOf(changes.current(num));
  if (!font) return;
  tagName(file, font, 'BaseFont', tag);
  const descendants = file.resolve(font.get('DescendantFonts'));
  const edit = (dict: PdfDict): void => {
    tagName(file, dict, 'BaseFont', tag);
    editEntry(changes, dict, 'FontDescriptor', (descriptor) => {
      tagName(file, descriptor, 'FontName', tag);
      descriptor.delete('CIDSet');
      descriptor.delete('CharSet');
      if (subset.isConverted) moveProgram(descriptor);
    });
  };
  if (Array.isArray(descendants)) font.set('DescendantFonts', [edited(changes, descendants[0] ?? null, edit)]);
  else edit(font);
  changes.replace(num, font);
}

/** A CFF program belongs to another entry (table 124). */
function moveProgram(descriptor: PdfDict): void {
  const program = descriptor.get('FontFile');
  if (program === undefined) return;
  descriptor.delete('FontFile');
  descriptor.set('FontFile3', program);
}

function editEntry(changes: Changes, dict: PdfDict, key: string, edit: (dict: PdfDict) => void): void {
  dict.set(key, edited(changes, dict.get(key) ?? null, edit));
}

/** Applies a change to a dictionary. Returns it, or the reference to it. */
function edited(changes: Changes, value: PdfObject, edit: (dict: PdfDict) => void): PdfObject {
  const num: SourceObjectNumber | undefined = value instanceof PdfRef ? value.num : undefined;
  const dict = copyOf(num === undefined ? value : changes.current(num));
  if (!dict) return value;
  edit(dict);
  if (num === undefined) return dict;
  changes.replace(num, dict);
  return value;
}

function copyOf(value: PdfObject): PdfDict | undefined {
  return value instanceof PdfDict ? new PdfDict(value) : undefined;
}

function tagName(file: PdfFile, dict: PdfDict, key: string, tag: string): void {
  const name = file.resolve(dict.get(key));
  if (name instanceof PdfName && !TAG.test(name.value)) dict.set(key, new PdfName(`${tag}+${name.value}`));
}

/** Six letters that depend on the subset only, so that equal files give equal results. */
function tagOf(subset: Uint8Array): string {
  const digest = createHash('sha256').update(subset).digest();
  return Array.from({ length: TAG_LETTERS }, (_, at) =>
    String.fromCharCode(CODE_OF_A + ((digest[at] ?? 0) % ALPHABET)),
  ).join('');
}
