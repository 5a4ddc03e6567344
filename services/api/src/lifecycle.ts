/** Whether the process still takes calls, and when calls that wait must give up. */
export class Lifecycle {
  #stopping = false;
  readonly #onStop = new Set<() => void>();

  /** True once the process is shutting down. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Calls `listener` when the shutdown begins, until the returned function is called. */
  onStop(listener: () => void): () => void {
    this.#onStop.add(listener);
    return () => this.#onStop.delete(listener);
  }

  /** Begins the shutdown. */
  stop(): void {
    this.#stopping = true;
    for (const listener of [...this.#onStop]) listener();
  }
}
