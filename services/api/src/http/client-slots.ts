/** Limits what clients use at the same time, per client and in total. */
export class ClientSlots {
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(
    readonly perClient: number,
    private readonly total: number,
  ) {}

  /** Takes a slot and returns the function that releases it, or names the limit that was reached. */
  take(client: string): (() => void) | 'client' | 'total' {
    const held = this.#held.get(client) ?? 0;
    if (held >= this.perClient) return 'client';
    if (this.#total >= this.total) return 'total';
    this.#held.set(client, held + 1);
    this.#total++;
    return () => {
      this.#release(client);
    };
  }

  #release(client: string): void {
    this.#total--;
    const held = (this.#held.get(client) ?? 0) - 1;
    if (held > 0) this.#held.set(client, held);
    else this.#held.delete(client);
  }
}
