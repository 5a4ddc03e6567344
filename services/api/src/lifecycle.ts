/** Whether the process is shutting down, and who must know when that starts. */
export class Lifecycle {
  #stopping = false;
  readonly #onStop = new Set<() => void>();

  /** Whether the shutdown has started. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Calls `listener` when the shutdown starts, or at once if it has started. The returned function removes it. */
  onStop(listener: () => void): () => void {
    if (this.#stopping) listener();
    else this.#onStop.add(listener);
    return () => this.#onStop.delete(listener);
  }

  /** Starts the shutdown. */
  stop(): void {
    this.#stopping = true;
    for (const listener of [...this.#onStop]) listener();
  }
}
