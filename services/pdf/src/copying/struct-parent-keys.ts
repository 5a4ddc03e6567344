/** Hands out keys of the parent tree of one result. */
export class KeyCounter {
  /** The key that is handed out next. */
  next = 0;
}

/**
 * New keys for those by which the objects of one document find their place in its structure tree (ISO 32000-2, 14.7.5.4):
 * each has one of its own in the result, also where the document has no such tree, so that none points into another's.
 */
export class StructParentKeys {
  readonly #counter: KeyCounter;
  readonly #keys = new Map<number, number>();

  constructor(counter: KeyCounter) {
    this.#counter = counter;
  }

  /** Greater than every key of the result so far, those of other documents too. */
  get next(): number {
    return this.#counter.next;
  }

  /** The new key; the same one each time. */
  renew(key: number): number {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const renewed = this.#counter.next;
    this.#counter.next += 1;
    this.#keys.set(key, renewed);
    return renewed;
  }

  /** The keys of objects that were copied, with their new ones. */
  renewed(): Iterable<readonly [key: number, renewed: number]> {
    return this.#keys;
  }
}

/** Keys of a document that is copied whole, its tree with it: they stay. */
export class SameKeys extends StructParentKeys {
  constructor() {
    super(new KeyCounter());
  }

  override renew(key: number): number {
    return key;
  }
}
