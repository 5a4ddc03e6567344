/** Shows progress on one line of standard error. */
export interface ProgressLine {
  readonly show: (text: string) => void;
  /** Removes the line. */
  readonly clear: () => void;
}

/** A line where standard error is a terminal and progress is wanted; otherwise one that says nothing. */
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
