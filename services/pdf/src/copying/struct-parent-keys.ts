/** Allocates keys of the target's parent tree. */
export class KeyCounter {
  /** The next key. */
  next = 0;
}

/**
 * Maps parent tree keys of one document (ISO 32000-2, 14.7.5.4) to new keys. Keys of documents without a structure tree
 * are mapped too, so that none points into another document's tree.
 */
export class StructParentKeys {
  readonly #counter: KeyCounter;
  readonly #keys = new Map<number, number>();

  constructor(counter: KeyCounter) {
    this.#counter = counter;
  }

  /** Greater than every key of the target so far. */
  get next(): number {
    return this.#counter.next;
  }

  /** Returns the new key, which is always the same for one key. */
  renew(key: number): number {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const renewed = this.#counter.next;
    this.#counter.next += 1;
    this.#keys.set(key, renewed);
    return renewed;
  }

  /** The keys of copied objects and their new keys. */
  renewed(): Iterable<readonly [key: number, renewed: number]> {
    return this.#keys;
  }
}

/** Keeps the keys of a document that is copied as a whole. */
export class SameKeys extends StructParentKeys {
  constructor() {
    super(new KeyCounter());
  }

  override renew(key: number): number {
    return key;
  }
}
