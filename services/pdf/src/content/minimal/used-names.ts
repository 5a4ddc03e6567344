import type { Category } from '../resources.js';

/** The resource names that content uses, by category. */
export class UsedNames {
  readonly #names = new Map<Category, Set<string>>();

  add(category: Category, name: string): void {
    const names = this.#names.get(category) ?? new Set();
    this.#names.set(category, names.add(name));
  }

  has(category: Category, name: string): boolean {
    return this.#names.get(category)?.has(name) === true;
  }
}
