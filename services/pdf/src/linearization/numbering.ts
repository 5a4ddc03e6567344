import { targetNumber } from '../syntax/object-numbers.js';
import type { SourceObjectNumber, TargetObjectNumber } from '../syntax/object-numbers.js';
import type { Partition } from './partition.js';

/**
 * The object numbers of a linearized file (ISO 32000-2, F.3). The second half has the lower numbers. In each half,
 * objects have increasing numbers in the order of the file, and those in object streams come last.
 */
export class Numbering {
  readonly #numbers = new Map<SourceObjectNumber, TargetObjectNumber>();
  #last = 0;
  readonly mainXref: TargetObjectNumber;
  /** The first number of the first half, which is the linearization dictionary. */
  readonly linearization: TargetObjectNumber;
  readonly firstXref: TargetObjectNumber;
  readonly hints: TargetObjectNumber;

  constructor({ open, firstPage, otherPages, shared, other, packed }: Partition) {
    const second = [...otherPages.flat(), ...shared, ...other];
    this.#addAll(second);
    this.mainXref = this.#next();
    this.#addPacked(second, packed);
    this.linearization = this.#next();
    this.firstXref = this.#next();
    this.#addAll(open);
    this.hints = this.#next();
    this.#addAll(firstPage);
    this.#addPacked([...open, ...firstPage], packed);
  }

  /** The number after the last one. */
  get size(): number {
    return this.#last + 1;
  }

  /** The number of an object. Undefined if the file does not have it. */
  of(num: SourceObjectNumber): TargetObjectNumber | undefined {
    return this.#numbers.get(num);
  }

  #addPacked(containers: readonly SourceObjectNumber[], packed: Partition['packed']): void {
    for (const container of containers) this.#addAll(packed.get(container) ?? []);
  }

  #addAll(nums: readonly SourceObjectNumber[]): void {
    for (const num of nums) this.#numbers.set(num, this.#next());
  }

  #next(): TargetObjectNumber {
    this.#last += 1;
    return targetNumber(this.#last);
  }
}
