/**
 * A font program that this engine does not understand. `message` is a predicate without a subject ("has no glyphs"). The
 * caller keeps such a font unchanged.
 */
export class FontError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FontError';
  }
}

/** Returns what a reader returns, or undefined when it throws a `FontError`. */
export function ifUnderstood<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FontError) return undefined;
    throw error;
  }
}
