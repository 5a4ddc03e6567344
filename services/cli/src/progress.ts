/** Progress on one line of standard error. */
export interface ProgressLine {
  readonly show: (text: string) => void;
  /** Removes the line. */
  readonly clear: () => void;
}

/** Returns a progress line. It prints nothing if `quiet` is set or standard error is no terminal. */
export function createProgressLine(quiet: boolean): ProgressLine {
  const nothing = (): void => undefined;
  if (quiet || !process.stderr.isTTY) return { show: nothing, clear: nothing };
  const write = (text: string): void => {
    process.stderr.write(`\r\x1b[K${text}`);
  };
  return {
    show: write,
    clear: () => {
      write('');
    },
  };
}
