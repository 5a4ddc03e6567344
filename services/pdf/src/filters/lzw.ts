import type { DecodingBudget } from './budget.js';
import { Output } from './output.js';

const CLEAR = 256;
const END_OF_DATA = 257;
const FIRST_FREE = 258;
const TABLE_SIZE = 4096;
const MIN_BITS = 9;
const MAX_BITS = 12;

/**
 * LZWDecode without its predictor (7.4.4). `earlyChange` is 1 if codes grow one code early, else 0. Truncated data, and
 * data with an undefined code, are decoded up to there. `onDamage` is called for an undefined code. Throws the budget's
 * error for too much output.
 */
export function decodeLzw(data: Buffer, earlyChange: 0 | 1, budget: DecodingBudget, onDamage?: () => void): Buffer {
  const output = new Output(4 * data.length, budget);
  const codes = new Codes(data);
  const table = new Table(earlyChange);
  for (;;) {
    const code = codes.next(table.bits);
    if (code === END_OF_DATA || code < 0) break;
    if (code === CLEAR) table.clear();
    else if (!table.append(code, output)) {
      onDamage?.();
      break;
    }
  }
  return output.finish();
}

/** Reads codes of 9 to 12 bits, most significant bit first. Returns a negative number at the end of the data. */
class Codes {
  readonly #data: Buffer;
  #position = 0;
  #held = 0;
  #count = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  next(bits: number): number {
    while (this.#count < bits) {
      const byte = this.#data[this.#position];
      if (byte === undefined) return -1;
      this.#held = ((this.#held << 8) | byte) & 0xff_ffff;
      this.#position += 1;
      this.#count += 8;
    }
    this.#count -= bits;
    return (this.#held >> this.#count) & ((1 << bits) - 1);
  }
}

/**
 * The strings of the codes. A new code is the string before it plus the next byte. These bytes are adjacent in the
 * output, so the table stores positions in the output and no bytes.
 */
class Table {
  bits = MIN_BITS;
  readonly #earlyChange: number;
  readonly #starts = new Uint32Array(TABLE_SIZE);
  readonly #lengths = new Uint16Array(TABLE_SIZE);
  #next = FIRST_FREE;
  #previousLength = 0;

  constructor(earlyChange: number) {
    this.#earlyChange = earlyChange;
  }

  clear(): void {
    this.bits = MIN_BITS;
    this.#next = FIRST_FREE;
    this.#previousLength = 0;
  }

  /** Appends the string of a code. Returns false if the code is undefined. */
  append(code: number, output: Output): boolean {
    this.#add(output.length);
    if (code >= this.#next) return false;
    if (code < CLEAR) {
      output.push(code);
      this.#previousLength = 1;
    } else {
      const length = this.#lengths[code] ?? 0;
      output.repeat(output.length - (this.#starts[code] ?? 0), length);
      this.#previousLength = length;
    }
    return true;
  }

  #add(outputLength: number): void {
    if (this.#previousLength === 0 || this.#next === TABLE_SIZE) return;
    this.#starts[this.#next] = outputLength - this.#previousLength;
    this.#lengths[this.#next] = this.#previousLength + 1;
    this.#next += 1;
    if (this.#next + this.#earlyChange >= 1 << this.bits && this.bits < MAX_BITS) this.bits += 1;
  }
}
