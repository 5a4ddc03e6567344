/** Returns the list with the item at `from` moved to `to`. Positions outside the list are clamped. */
export function move<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const copy = [...list];
  const moved = copy.splice(from, 1);
  copy.splice(Math.max(0, Math.min(to, copy.length)), 0, ...moved);
  return copy;
}

/** Returns the list with all chosen items moved by one place, in their order. The block stops at the ends. */
export function shift<Item>(list: readonly Item[], chosen: ReadonlySet<Item>, by: -1 | 1): Item[] {
  const copy = [...list];
  const order = by < 0 ? [...copy.keys()] : [...copy.keys()].reverse();
  for (const index of order) {
    const [item, other] = [copy[index], copy[index + by]];
    if (item === undefined || other === undefined || !chosen.has(item) || chosen.has(other)) continue;
    copy[index] = other;
    copy[index + by] = item;
  }
  return copy;
}
