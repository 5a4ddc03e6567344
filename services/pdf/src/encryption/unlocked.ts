/** What a password gives. */
export interface Unlocked {
  /** The file encryption key. */
  readonly key: Buffer;
  /** Whose password it is; the owner's where both have the same. */
  readonly openedAs: 'user' | 'owner';
}
