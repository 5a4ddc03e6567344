interface Piece {
  readonly cost: number;
  readonly go: () => void;
}

/**
 * Shares the event loop between work that comes in many pieces and everything else. Without it, a round of the loop does
 * whatever is ready (a fifth of a second where 64 uploads are open), and a health check waits for several rounds.
 */
export class Turns {
  readonly #waiting: Piece[] = [];
  #left: number;
  #isRunning = false;

  /** `perRound` is what all pieces of a round may cost together before the event loop comes to everything else. */
  constructor(private readonly perRound: number) {
    this.#left = perRound;
  }

  /** Calls `go` when it is this piece's turn: at once where the round has room, else in a later one, in order of call. */
  take(cost: number, go: () => void): void {
    if (!this.#isRunning) setImmediate(this.#next);
    this.#isRunning = true;
    if (this.#left <= 0 || this.#waiting.length > 0) {
      this.#waiting.push({ cost, go });
      return;
    }
    this.#left -= cost;
    go();
  }

  /** A new round of the loop. */
  readonly #next = (): void => {
    this.#left = this.perRound;
    while (this.#left > 0) {
      const piece = this.#waiting.shift();
      if (!piece) break;
      this.#left -= piece.cost;
      piece.go();
    }
    this.#isRunning = this.#waiting.length > 0;
    if (this.#isRunning) setImmediate(this.#next);
  };
}
