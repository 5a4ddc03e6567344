/** Runs a task for many callers. Callers that come while it runs share the next run. */
export class SharedRun {
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(private readonly task: () => Promise<void>) {}

  /** Resolves when a run has succeeded that began after the call. Rejects with its error. */
  run(): Promise<void> {
    if (!this.#running) return this.#begin();
    // What the caller did before the call may be too late for the current run.
    return (this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      }));
  }

  #begin(): Promise<void> {
    const running = this.task().finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
