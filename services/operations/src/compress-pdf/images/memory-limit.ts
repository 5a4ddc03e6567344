/** Limits the memory of work that runs at the same time. Work that needs more than the limit runs without other work. */
export class MemoryLimit {
  readonly #limit: number;
  #used = 0;
  #waiting: (() => void)[] = [];

  /** `limit` is in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits until `bytes` are free, and runs the work. */
  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    while (this.#used > 0 && this.#used + bytes > this.#limit)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#used += bytes;
    try {
      return await work();
    } finally {
      this.#used -= bytes;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    }
  }
}
