/** The result of a correct password. */
export interface Unlocked {
  /** The file encryption key. */
  readonly key: Buffer;
  /** Whose password it is. The owner's if both are equal. */
  readonly openedAs: 'user' | 'owner';
}
