import { Lexer, Token } from '../syntax/lexer.js';
import { hexBytes } from '../syntax/strings.js';
import { CidRanges } from './cid-ranges.js';

/** Maximum length of a character code in bytes (ISO 32000-2, 9.7.5.2). */
export const MAX_CODE_BYTES = 4;
const MAX_CODESPACES = 100;
const MAX_CID = 65_535;

/** Called for each character code with its length in bytes. */
type OnCode = (code: number, length: number) => void;

/** A CMap (ISO 32000-2, 9.7.5), which splits strings into character codes and maps them to CIDs. */
export interface CidCmap {
  /** Splits a string. Returns false if some bytes match no codespace range, so that readers may differ. */
  readCodes(bytes: Uint8Array, onCode: OnCode): boolean;
  /** All CIDs that readers may select for a code, including those for undefined characters. */
  cidsOf(code: number, length: number): readonly number[];
}

/** The predefined CMaps Identity-H and Identity-V. */
export const IDENTITY_CMAP: CidCmap = {
  readCodes(bytes, onCode) {
    for (let at = 0; at + 1 < bytes.length; at += 2) onCode((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0), 2);
    return bytes.length % 2 === 0;
  },
  cidsOf: (code) => [code],
};

/**
 * Reads an embedded CMap. Returns undefined if it uses another CMap or anything else that is not understood. Some writers
 * put a ToUnicode CMap there. Readers then take the values, the codes or glyph 0, so that all of them count.
 */
export function readCidCmap(bytes: Buffer): CidCmap | undefined {
  const reader = new CidCmapReader();
  const lexer = new Lexer(bytes, 0);
  for (let token = lexer.next(); token !== Token.End; token = lexer.next()) {
    if (token === Token.Keyword) reader.keyword(lexer.text());
    else if (token === Token.HexString) reader.operands.push(hexBytes(bytes.subarray(lexer.start, lexer.pos)));
    else if (token === Token.Integer) reader.operands.push(lexer.integer);
    else reader.operands.push(undefined);
    if (!reader.isUnderstood) return undefined;
  }
  return reader.result();
}

interface Codespace {
  readonly low: Buffer;
  readonly high: Buffer;
}

type Operand = Buffer | number | undefined;

class CidCmapReader {
  isUnderstood = true;
  operands: Operand[] = [];
  readonly #codespaces: Codespace[] = [];
  readonly #ranges = new CidRanges();
  #hasValues = false;

  keyword(keyword: string): void {
    if (keyword === 'usecmap') this.isUnderstood = false;
    else if (keyword === 'endcodespacerange') this.#addCodespaces();
    else if (keyword === 'endcidrange') this.#addRanges(3, (low, high, cid) => this.#ranges.add(low, high, cid));
    else if (keyword === 'endnotdefrange') this.#addRanges(3, (_low, _high, cid) => this.#ranges.addUndefined(cid));
    else if (keyword === 'endcidchar') this.#addRanges(2, (code, _same, cid) => this.#ranges.add(code, code, cid));
    else if (keyword === 'endnotdefchar') this.#addRanges(2, (_code, _same, cid) => this.#ranges.addUndefined(cid));
    else if (keyword === 'endbfrange') this.#addValues(3);
    else if (keyword === 'endbfchar') this.#addValues(2);
    this.operands = [];
  }

  result(): CidCmap | undefined {
    const codespaces = this.#codespaces;
    const ranges = this.#ranges;
    if (codespaces.length === 0 || codespaces.length > MAX_CODESPACES || !ranges.sort()) return undefined;
    const hasValues = this.#hasValues;
    return {
      readCodes: (bytes, onCode) => splitCodes(codespaces, bytes, onCode),
      cidsOf: (code, length) => [...ranges.cidsOf(code, length), ...(hasValues && code <= MAX_CID ? [code] : [])],
    };
  }

  #addCodespaces(): void {
    for (let at = 0; at < this.operands.length; at += 2) {
      const [low, high] = [this.operands[at], this.operands[at + 1]];
      const isRange = low instanceof Buffer && high instanceof Buffer && isCode(low) && low.length === high.length;
      if (isRange) this.#codespaces.push({ low, high });
      else this.isUnderstood = false;
    }
  }

  /** Adds entries of a ToUnicode CMap, with the values as CIDs. */
  #addValues(size: 2 | 3): void {
    this.#hasValues = true;
    this.operands = this.operands.map((operand, at) => {
      if (at % size !== size - 1) return operand;
      const [low, high] = [this.operands[at - size + 1], this.operands[at - 1]];
      const count = low instanceof Buffer && high instanceof Buffer ? (high.at(-1) ?? 0) - (low.at(-1) ?? 0) : 0;
      return valueOf(operand, count);
    });
    this.#addRanges(size, (low, high, cid) => this.#ranges.add(low, size === 2 ? low : high, cid));
  }

  /** Adds entries of `size` operands: the first code, the last one if it is a range, and a CID. */
  #addRanges(size: 2 | 3, add: (low: Buffer, high: Buffer, cid: number) => boolean): void {
    for (let at = 0; at < this.operands.length; at += size) {
      const [low, high, cid] = [this.operands[at], this.operands[at + size - 2], this.operands[at + size - 1]];
      const isRange = low instanceof Buffer && high instanceof Buffer && isCode(low) && low.length === high.length;
      if (!isRange || typeof cid !== 'number' || !add(low, high, cid)) this.isUnderstood = false;
    }
  }
}

/** The value of a bfchar or bfrange entry. Only its last byte may be incremented. Longer values are no CIDs. */
function valueOf(operand: Operand, count: number): Operand {
  if (!(operand instanceof Buffer) || operand.length !== 2) return undefined;
  return operand.readUInt8(1) + count > 0xff ? undefined : operand.readUInt16BE();
}

function isCode({ length }: Buffer): boolean {
  return length >= 1 && length <= MAX_CODE_BYTES;
}

function splitCodes(codespaces: readonly Codespace[], bytes: Uint8Array, onCode: OnCode): boolean {
  for (let at = 0; at < bytes.length;) {
    const length = codeLength(codespaces, bytes, at);
    if (length === undefined) return false;
    let code = 0;
    for (let index = 0; index < length; index++) code = code * 256 + (bytes[at + index] ?? 0);
    onCode(code, length);
    at += length;
  }
  return true;
}

function codeLength(codespaces: readonly Codespace[], bytes: Uint8Array, at: number): number | undefined {
  for (let length = 1; length <= MAX_CODE_BYTES && at + length <= bytes.length; length++) {
    if (codespaces.some((codespace) => contains(codespace, bytes, at, length))) return length;
  }
  return undefined;
}

/** Every byte must be in the range of its position. */
function contains({ low, high }: Codespace, bytes: Uint8Array, at: number, length: number): boolean {
  if (low.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const byte = bytes[at + index] ?? 0;
    if (byte < (low[index] ?? 0) || byte > (high[index] ?? 0)) return false;
  }
  return true;
}
