import type { DecodingBudget } from './budget.js';
import { Output } from './output.js';

const CLEAR = 256;
const END_OF_DATA = 257;
const FIRST_FREE = 258;
const TABLE_SIZE = 4096;
const MIN_BITS = 9;
const MAX_BITS = 12;

/**
 * 7.4.4: LZWDecode, without its predictor. `earlyChange` is 1 where codes grow by a bit one code before they must, else 0.
 * Data that end early, or hold a code that has no meaning yet, give what comes before; `onDamage` is called in the latter
 * case. Throws the budget's `PdfError` for too much output.
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

/** Codes of 9 to 12 bits, the most significant bit first; below 0 where the data end. */
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
 * What each code stands for. A new code is what the code before it stood for and one byte more, and the output holds just
 * that, for the byte that follows there is the one: so the table keeps places in the output, and no bytes.
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

  /** Appends what the code stands for; false where it stands for nothing. */
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
