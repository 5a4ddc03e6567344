const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const TABLE_SIZE = 4096;
const MIN_BITS = 9;
const MAX_BITS = 12;

/**
 * Decodes LZW data (TIFF 6.0, section 13) into `output` and returns how many bytes were decoded. It stops when the output
 * is full, at the end of the data, and at a code that is not defined.
 */
export function decodeLzw(data: Uint8Array, output: Uint8Array): number {
  const codes = new CodeReader(data);
  const table = new StringTable();
  let written = 0;
  while (written < output.length) {
    const code = codes.next(table.bits);
    if (code === END || code < 0) return written;
    if (code === CLEAR) {
      table.clear();
      continue;
    }
    table.add(written);
    if (!table.has(code)) return written;
    written += table.append(code, output, written);
  }
  return output.length;
}

/** Reads codes of 9 to 12 bits, most significant bit first. Returns a negative number at the end of the data. */
class CodeReader {
  readonly #data: Uint8Array;
  #held = 0;
  #count = 0;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  next(bits: number): number {
    while (this.#count < bits) {
      if (this.#at >= this.#data.length) return -1;
      this.#held = ((this.#held << 8) | (this.#data[this.#at] ?? 0)) & 0xff_ffff;
      this.#at += 1;
      this.#count += 8;
    }
    this.#count -= bits;
    return (this.#held >> this.#count) & ((1 << bits) - 1);
  }
}

/** The strings of the codes. A new one is the string before it and the byte after that, adjacent in the output. */
class StringTable {
  bits = MIN_BITS;
  readonly #starts = new Uint32Array(TABLE_SIZE);
  readonly #lengths = new Uint16Array(TABLE_SIZE);
  #next = FIRST_FREE;
  #previous = 0;

  clear(): void {
    this.bits = MIN_BITS;
    this.#next = FIRST_FREE;
    this.#previous = 0;
  }

  has(code: number): boolean {
    return code < this.#next;
  }

  /** Adds the string before the position `written`, and the byte that follows it there. */
  add(written: number): void {
    if (this.#previous === 0 || this.#next === TABLE_SIZE) return;
    this.#starts[this.#next] = written - this.#previous;
    this.#lengths[this.#next] = this.#previous + 1;
    this.#next += 1;
    if (this.#next + 1 >= 1 << this.bits && this.bits < MAX_BITS) this.bits += 1;
  }

  /** Copies the string of a code to the position `to` of the output and returns its length. */
  append(code: number, output: Uint8Array, to: number): number {
    if (code < CLEAR) {
      output[to] = code;
      this.#previous = 1;
      return 1;
    }
    const length = this.#lengths[code] ?? 0;
    const end = Math.min(to + length, output.length);
    // The two may overlap, so that bytes repeat.
    for (let [target, source] = [to, this.#starts[code] ?? 0]; target < end; target += 1, source += 1)
      output[target] = output[source] ?? 0;
    this.#previous = length;
    return length;
  }
}
