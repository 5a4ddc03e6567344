import { withDocument } from '../pdf/library.js';
import { isPdf } from '../pdf/render.js';
import type { Draft, Entry, PageTile } from './draft.js';
import { nextId } from './draft.js';
import { move, shift } from './list.js';
import { turn } from './ranges.js';

/** Reads how many pages each PDF has, and lists the pages of all files. */
export async function openPages(draft: Draft): Promise<void> {
  const entries = draft.entries.value;
  const tiles = await Promise.all(entries.map((entry) => tilesOf(draft, entry)));
  if (draft.entries.value === entries) draft.tiles.value = tiles.flat();
  else draft.tiles.value = tiles.flat().filter(({ entry }) => draft.entries.value.some(({ id }) => id === entry.id));
}

/** A file whose pages cannot be read here, such as one with a password, is one tile for all its pages. */
async function tilesOf(draft: Draft, entry: Entry): Promise<PageTile[]> {
  const whole = { id: nextId(), entry, rotate: entry.rotate };
  if (!isPdf(entry.file)) return [whole];
  const count = await withDocument(entry.file, entry.password, (document) => Promise.resolve(document.numPages)).catch(
    () => undefined,
  );
  if (count === undefined) return [whole];
  if (entry.pages !== count) draft.change(entry.id, { pages: count });
  return Array.from({ length: count }, (_, index) => ({ id: nextId(), entry, page: index + 1, rotate: entry.rotate }));
}

/** Adds the pages of entries that have no tile, and the pages of documents that have got their password. */
export async function addMissingTiles(draft: Draft): Promise<void> {
  const known = new Set(draft.tiles.value.map(({ entry }) => entry.id));
  const added = draft.entries.value.filter(({ id }) => !known.has(id));
  const unlocked = draft.tiles.value.filter(({ entry, page }) => page === undefined && entry.password !== '');
  const read = (entries: readonly Entry[]): Promise<PageTile[][]> =>
    Promise.all(entries.map((entry) => tilesOf(draft, entry)));
  const [ofAdded, ofUnlocked] = await Promise.all([read(added), read(unlocked.map(({ entry }) => entry))]);
  const replacements = new Map(unlocked.map(({ id }, index) => [id, ofUnlocked[index]]));
  draft.tiles.value = [...draft.tiles.value.flatMap((tile) => replacements.get(tile.id) ?? tile), ...ofAdded.flat()];
}

export type Chosen = ReadonlySet<number>;

const chosenTiles = (draft: Draft, chosen: Chosen): ReadonlySet<PageTile> =>
  new Set(draft.tiles.value.filter(({ id }) => chosen.has(id)));

export function rotateTiles(draft: Draft, chosen: Chosen, by: 90 | -90): void {
  draft.tiles.value = draft.tiles.value.map((tile) =>
    chosen.has(tile.id) ? { ...tile, rotate: turn(tile.rotate, by) } : tile,
  );
}

export function removeTiles(draft: Draft, chosen: Chosen): void {
  draft.tiles.value = draft.tiles.value.filter(({ id }) => !chosen.has(id));
}

export function keepTiles(draft: Draft, chosen: Chosen): void {
  draft.tiles.value = draft.tiles.value.filter(({ id }) => chosen.has(id));
}

/** Puts a copy after each chosen page. */
export function duplicateTiles(draft: Draft, chosen: Chosen): void {
  draft.tiles.value = draft.tiles.value.flatMap((tile) =>
    chosen.has(tile.id) ? [tile, { ...tile, id: nextId() }] : [tile],
  );
}

/** Moves the chosen pages by one place. */
export function shiftTiles(draft: Draft, chosen: Chosen, by: -1 | 1): void {
  draft.tiles.value = shift(draft.tiles.value, chosenTiles(draft, chosen), by);
}

/** Moves the chosen pages as a block to the place of another page. */
export function moveTiles(draft: Draft, chosen: Chosen, target: number): void {
  const tiles = draft.tiles.value;
  const from = tiles.findIndex(({ id }) => chosen.has(id));
  const to = tiles.findIndex(({ id }) => id === target);
  if (to < 0 || chosen.has(target)) return;
  if (chosen.size === 1) {
    draft.tiles.value = move(tiles, from, to);
    return;
  }
  const block = tiles.filter(({ id }) => chosen.has(id));
  const others = tiles.filter(({ id }) => !chosen.has(id));
  const place = others.findIndex(({ id }) => id === target) + (to > from ? 1 : 0);
  draft.tiles.value = [...others.slice(0, place), ...block, ...others.slice(place)];
}
