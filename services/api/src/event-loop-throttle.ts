interface Piece {
  readonly cost: number;
  readonly work: () => void;
}

/**
 * Limits how much work of one kind runs in a round of the event loop, so that other work gets its turn. Without it, 64
 * open uploads keep a round busy for 0.2 s, and a health check waits several rounds.
 */
export class EventLoopThrottle {
  readonly #waiting: Piece[] = [];
  #left: number;
  #isRunning = false;

  /** `perRound` is the total cost of the work in one round. */
  constructor(private readonly perRound: number) {
    this.#left = perRound;
  }

  /** Runs `work` at once if the round has room for its cost, otherwise in a later round, in the order of the calls. */
  run(cost: number, work: () => void): void {
    if (!this.#isRunning) setImmediate(this.#next);
    this.#isRunning = true;
    if (this.#left <= 0 || this.#waiting.length > 0) {
      this.#waiting.push({ cost, work });
      return;
    }
    this.#left -= cost;
    work();
  }

  /** Starts a new round. */
  readonly #next = (): void => {
    this.#left = this.perRound;
    while (this.#left > 0) {
      const piece = this.#waiting.shift();
      if (!piece) break;
      this.#left -= piece.cost;
      piece.work();
    }
    this.#isRunning = this.#waiting.length > 0;
    if (this.#isRunning) setImmediate(this.#next);
  };
}
