/** Returns an outline of the engine as text, as `M 0 0 L 10 0`. */
export function outlineText(outline: readonly number[] | undefined): string | undefined {
  if (!outline) return undefined;
  const words: (string | number)[] = [];
  for (let at = 0; at < outline.length;) {
    const segment = outline[at] ?? 0;
    const count = [2, 2, 4, 6][segment] ?? 0;
    words.push('MLQC'.charAt(segment), ...outline.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return words.join(' ');
}
