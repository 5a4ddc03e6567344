import { Writable } from 'node:stream';

/** Key of the formatted text in the objects that winston writes. */
const MESSAGE = Symbol.for('message');

/** Time that a line may wait in memory, and the size from which lines are written at once. */
const MAX_WAIT_MS = 100;
const MAX_CHARACTERS = 65_536;

interface Line {
  readonly level: string;
  readonly [MESSAGE]: string;
}

/**
 * Collects lines for up to 100 ms and writes them to standard output together, because a write costs more than a line. It
 * writes the rest when the process exits, also after an uncaught exception. SIGKILL or a crash of Node loses the rest.
 */
export class LineBuffer extends Writable {
  #lines: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Lines of the levels `urgent` are written at once, with the lines before them. */
  constructor(private readonly urgent: ReadonlySet<string>) {
    super({ objectMode: true });
    process.on('exit', () => {
      this.flush();
    });
  }

  /** Writes all lines now. Standard output is synchronous for pipes, files and terminals of POSIX systems. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#characters = 0;
    process.stdout.write(text);
  }

  override _write(line: Line, _encoding: BufferEncoding, done: () => void): void {
    const text = `${line[MESSAGE]}\n`;
    this.#lines.push(text);
    this.#characters += text.length;
    if (this.#characters >= MAX_CHARACTERS || this.urgent.has(line.level)) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, MAX_WAIT_MS).unref();
    done();
  }
}
