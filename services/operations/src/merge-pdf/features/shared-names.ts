interface Uses {
  /** What each meaning of the name is called. */
  readonly names: Map<string, string>;
  /** The number that is tried next. */
  next: number;
}

/**
 * Names of one kind in the result. The same name with the same meaning is shared; with another meaning it gets another
 * name: the first of `name_2`, `name_3`, … that is free.
 */
export class SharedNames {
  readonly #taken = new Set<string>();
  readonly #uses = new Map<string, Uses>();

  /** What a name with this meaning is called in the result; the same each time. */
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
