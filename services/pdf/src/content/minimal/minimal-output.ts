/** A saved graphics state (`q`) in the output. */
interface Saved {
  /** Index of the operation `q`. Negative if it was already taken. */
  readonly at: number;
  /** Whether anything after it is visible, or counts in another way than as graphics state. */
  hasEffect: boolean;
}

/** Characters that need no white space before them. */
const DELIMITERS = new Set(['(', '[', '/', '<']);

/**
 * Collects operations as text. Removes `q` and `Q` with everything between them if that only sets graphics state, and
 * one of two nested pairs that enclose the same operations.
 */
export class MinimalOutput {
  #operations: string[] = [];
  readonly #saved: Saved[] = [];
  /** The pair that the last operation closed, as the index of its `q`. */
  #closed: { readonly at: number; readonly end: number } | undefined;
  /** Number of operations without those at the end that only set graphics state. */
  #effective = 0;
  #last = '';

  /** Number of operations that were not taken. */
  get size(): number {
    return this.#operations.length;
  }

  /** Adds an operation that sets graphics state or builds a path. */
  addState(text: string): void {
    this.#operations.push(text);
  }

  /** Adds an operation that must stay. */
  addEffect(text: string): void {
    this.#operations.push(text);
    this.#effective = this.#operations.length;
    const innermost = this.#saved.at(-1);
    if (innermost) innermost.hasEffect = true;
  }

  save(): void {
    this.#saved.push({ at: this.#operations.length, hasEffect: false });
    this.#operations.push('q');
  }

  /** Restores the state of the last `save`. Returns false if no state is saved. */
  restore(): boolean {
    const saved = this.#saved.pop();
    if (!saved) return false;
    if (!saved.hasEffect && saved.at >= 0) {
      this.#operations.length = saved.at;
      this.#effective = Math.min(this.#effective, saved.at);
      return true;
    }
    const inner = this.#closed;
    const isDouble = inner?.end === this.#operations.length && inner.at === saved.at + 1;
    if (isDouble) {
      this.#operations[inner.at] = '';
      this.#operations.pop();
    }
    this.#operations.push('Q');
    this.#closed = { at: saved.at, end: this.#operations.length };
    this.#effective = this.#operations.length;
    const around = this.#saved.at(-1);
    if (around) around.hasEffect = true;
    return true;
  }

  /** Returns the bytes of all operations so far. They can no longer be removed. */
  take(): Buffer {
    let text = '';
    for (const operation of this.#operations) {
      if (operation === '') continue;
      const needsSpace = this.#last !== '' && !DELIMITERS.has(operation.charAt(0));
      text += needsSpace ? `\n${operation}` : operation;
      this.#last = operation;
    }
    this.#operations = [];
    this.#effective = 0;
    this.#closed = undefined;
    for (const [index] of this.#saved.entries()) this.#saved[index] = { at: -1, hasEffect: true };
    return Buffer.from(text, 'latin1');
  }

  /** Ends the content. Drops graphics state that nothing uses. */
  end(): Buffer {
    if (this.#saved.length === 0) this.#operations.length = this.#effective;
    return this.take();
  }
}
