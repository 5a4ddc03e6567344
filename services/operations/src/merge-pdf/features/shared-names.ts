interface Uses {
  /** The name of each meaning. */
  readonly names: Map<string, string>;
  /** The next number to try. */
  next: number;
}

/**
 * Assigns names of one kind. Equal names with the same meaning are shared. For another meaning the first free one of
 * `name_2`, `name_3`, … is used.
 */
export class SharedNames {
  readonly #taken = new Set<string>();
  readonly #uses = new Map<string, Uses>();

  /** Returns the name for a meaning. The result is always the same. */
  take(name: string, meaning: string): string {
    const uses = this.#uses.get(name) ?? { names: new Map<string, string>(), next: 1 };
    this.#uses.set(name, uses);
    const known = uses.names.get(meaning);
    if (known !== undefined) return known;
    const free = this.#free(name, uses);
    this.#taken.add(free);
    uses.names.set(meaning, free);
    return free;
  }

  #free(name: string, uses: Uses): string {
    for (;;) {
      const candidate = uses.next === 1 ? name : `${name}_${uses.next}`;
      uses.next += 1;
      if (!this.#taken.has(candidate)) return candidate;
    }
  }
}
