import { NEXT_LPS, NEXT_MPS, QE } from './arithmetic-states.js';
import type { EncodedBytes } from './encoded-bytes.js';

/** The interval register A holds at least this between symbols. */
const MIN_INTERVAL = 0x8000;
/** The bit of the code register C that carries into the last byte. */
const CARRY = 0x800_0000;
/** Coded bits that C collects before the first byte leaves it. */
const FIRST_SHIFTS = 12;

/** The adaptive binary arithmetic encoder, called MQ (T.88, annex E.2). */
export class ArithmeticEncoder {
  readonly #output: EncodedBytes;
  /** Estimator state of each context. */
  readonly #states: Uint8Array;
  #interval = MIN_INTERVAL;
  #code = 0;
  #shiftsLeft = FIRST_SHIFTS;
  /** The last byte, which a carry may still change; -1 before the first. */
  #held = -1;

  /** Appends to `output`. Contexts are numbered from 0 to `contexts - 1`. */
  constructor(output: EncodedBytes, contexts: number) {
    this.#output = output;
    this.#states = new Uint8Array(contexts);
  }

  /** Codes one bit in its context (E.2.5 to E.2.7). */
  encode(context: number, bit: number): void {
    const state = this.#states[context] ?? 0;
    const qe = QE[state] ?? 0;
    const rest = this.#interval - qe;
    if ((state & 1) === bit) {
      if (rest >= MIN_INTERVAL) {
        this.#interval = rest;
        this.#code += qe;
        return;
      }
      this.#states[context] = NEXT_MPS[state] ?? 0;
      this.#take(rest >= qe, rest, qe);
    } else {
      this.#states[context] = NEXT_LPS[state] ?? 0;
      this.#take(rest < qe, rest, qe);
    }
  }

  /** Codes `count` equal bits in one context. Gives the same bytes as `encode` for each. */
  encodeRun(context: number, bit: number, count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const state = this.#states[context] ?? 0;
      if ((state & 1) === bit) {
        // Until the interval is renormalized, each bit moves the registers by the same amount.
        const qe = QE[state] ?? 1;
        const together = Math.min(left, Math.floor((this.#interval - MIN_INTERVAL) / qe));
        this.#interval -= together * qe;
        this.#code += together * qe;
        left -= together;
        if (left === 0) return;
      }
      this.encode(context, bit);
    }
  }

  /** Completes the coded data, with the marker at its end (E.2.9). */
  finish(): void {
    const top = this.#code + this.#interval;
    this.#code |= 0xffff;
    if (this.#code >= top) this.#code -= 0x8000;
    this.#code <<= this.#shiftsLeft;
    this.#byteOut();
    this.#code <<= this.#shiftsLeft;
    this.#byteOut();
    this.#output.push(this.#held);
    if (this.#held !== 0xff) this.#output.push(0xff);
    this.#output.push(0xac);
  }

  /** Codes the upper subinterval or the lower one, whose size is Qe, and renormalizes (E.2.8). */
  #take(upper: boolean, rest: number, qe: number): void {
    let interval = qe;
    if (upper) {
      interval = rest;
      this.#code += qe;
    }
    let shifts = Math.clz32(interval) - 16;
    this.#interval = interval << shifts;
    while (shifts >= this.#shiftsLeft) {
      shifts -= this.#shiftsLeft;
      this.#code <<= this.#shiftsLeft;
      this.#byteOut();
    }
    this.#code <<= shifts;
    this.#shiftsLeft -= shifts;
  }

  /** Moves bits from C to the output (BYTEOUT). After a byte of 0xFF a bit of 0 is stuffed in. */
  #byteOut(): void {
    if (this.#held !== 0xff && this.#code >= CARRY) {
      this.#held += 1;
      this.#code -= CARRY;
    }
    const stuffs = this.#held === 0xff;
    const shift = stuffs ? 20 : 19;
    this.#emit(this.#code >> shift);
    this.#code &= (1 << shift) - 1;
    this.#shiftsLeft = stuffs ? 7 : 8;
  }

  /** Holds a byte and writes the one before it. */
  #emit(byte: number): void {
    if (this.#held >= 0) this.#output.push(this.#held);
    this.#held = byte;
  }
}
