/**
 * Names of one kind in the result. The same name with the same meaning is shared; with another meaning it gets another
 * name: the first of `name_2`, `name_3`, … that is free.
 */
export class SharedNames {
  readonly #taken = new Set<string>();
  /** By name, what each of its meanings is called. */
  readonly #uses = new Map<string, Map<string, string>>();

  /** What a name with this meaning is called in the result; the same each time. */
  take(name: string, meaning: string): string {
    const uses = this.#uses.get(name) ?? new Map<string, string>();
    this.#uses.set(name, uses);
    const known = uses.get(meaning);
    if (known !== undefined) return known;
    let nth = uses.size + 1;
    let candidate = nth === 1 ? name : `${name}_${nth}`;
    for (; this.#taken.has(candidate); candidate = `${name}_${nth}`) nth++;
    this.#taken.add(candidate);
    uses.set(meaning, candidate);
    return candidate;
  }
}
