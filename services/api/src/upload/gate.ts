/** Lets a bounded number of tasks run at a time; the others wait in the order they came. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(private readonly most: number) {}

  /** Runs a task when its turn has come, and ends as it does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.most) this.#running++;
    else
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    try {
      return await task();
    } finally {
      // The place goes to the next as it is, so that nobody who comes meanwhile takes it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
