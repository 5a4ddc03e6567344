import type { Samples } from './samples.js';

/** A multiple of the blocks of a JPEG with reduced chroma, so that a tile is encoded as it is within its image. */
const TILE = { width: 32, height: 16 } as const;
const COLUMNS = 16;
const ROWS = 16;
const MAX_TILES = COLUMNS * ROWS;
const GOLDEN_RATIO = 0.618;

/** An image of evenly spread tiles of a larger image, on which an encoding can be tried. Small images are returned. */
export function sampleTiles(samples: Samples): Samples {
  const { width, height, channels } = samples;
  const columns = Math.floor(width / TILE.width);
  const count = columns * Math.floor(height / TILE.height);
  if (count < 2 * MAX_TILES) return samples;
  const data = new Uint8Array(MAX_TILES * TILE.width * TILE.height * channels);
  for (let tile = 0; tile < MAX_TILES; tile++) {
    // The offset keeps tiles from falling into few columns.
    const from = Math.floor(((tile + ((tile * GOLDEN_RATIO) % 1)) * count) / MAX_TILES);
    const source = { column: from % columns, row: Math.floor(from / columns) };
    copyTile(samples, source, data, { column: tile % COLUMNS, row: Math.floor(tile / COLUMNS) });
  }
  return { width: COLUMNS * TILE.width, height: ROWS * TILE.height, channels, data };
}

interface Position {
  readonly column: number;
  readonly row: number;
}

function copyTile({ width, channels, data }: Samples, from: Position, target: Uint8Array, to: Position): void {
  const bytes = TILE.width * channels;
  for (let y = 0; y < TILE.height; y++) {
    const source = (from.row * TILE.height + y) * width * channels + from.column * bytes;
    const start = ((to.row * TILE.height + y) * COLUMNS + to.column) * bytes;
    for (let at = 0; at < bytes; at++) target[start + at] = data[source + at] ?? 0;
  }
}
