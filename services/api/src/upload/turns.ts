/** Bytes of all bodies together that are parsed before the event loop comes to everything else: some 3 ms of work. */
const TURN_BYTES = 262_144;

interface Piece {
  readonly bytes: number;
  readonly go: () => void;
}

/**
 * Shares the event loop between the bodies of uploads and all other work. Without it, a round of the loop takes what
 * every open upload has ready, a fifth of a second with 64 of them, and a health check waits for several rounds.
 */
export class UploadTurns {
  readonly #waiting: Piece[] = [];
  #left = TURN_BYTES;
  #isRunning = false;

  /** Calls `go` when it is this piece's turn: at once where the round has room, else in a later one, in order of call. */
  take(bytes: number, go: () => void): void {
    if (!this.#isRunning) setImmediate(this.#next);
    this.#isRunning = true;
    if (this.#left <= 0 || this.#waiting.length > 0) {
      this.#waiting.push({ bytes, go });
      return;
    }
    this.#left -= bytes;
    go();
  }

  /** A new round of the loop. */
  readonly #next = (): void => {
    this.#left = TURN_BYTES;
    while (this.#left > 0) {
      const piece = this.#waiting.shift();
      if (!piece) break;
      this.#left -= piece.bytes;
      piece.go();
    }
    this.#isRunning = this.#waiting.length > 0;
    if (this.#isRunning) setImmediate(this.#next);
  };
}
