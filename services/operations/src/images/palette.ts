/** The colours of an image, each once, in the order in which they appear. */
export interface FoundPalette {
  /** Red, green and blue of each colour. */
  readonly palette: Uint8Array;
  /** The position of the colour of each pixel. */
  readonly indices: Uint8Array;
  /** Whether every colour is a gray. */
  readonly isGray: boolean;
}

const MAX_COLORS = 256;
/** Slots of the hash table, a power of two. */
const SLOTS = 4096;

/** Returns the palette of gray or RGB samples of 8 bits, or undefined if they have more than 256 colours. */
export function findPalette(samples: Uint8Array, channels: 1 | 3): FoundPalette | undefined {
  if (channels === 1) return grayPalette(samples);
  const colors: number[] = [];
  const keys = new Int32Array(SLOTS).fill(-1);
  const values = new Uint8Array(SLOTS);
  const indices = new Uint8Array(samples.length / channels);
  let [lastKey, lastIndex] = [-1, 0];
  for (let [at, pixel] = [0, 0]; at < samples.length; at += 3, pixel += 1) {
    const key = ((samples[at] ?? 0) << 16) | ((samples[at + 1] ?? 0) << 8) | (samples[at + 2] ?? 0);
    if (key !== lastKey) {
      let slot = Math.imul(key, 0x9e37_79b1) >>> 20;
      while (keys[slot] !== key && keys[slot] !== -1) slot = (slot + 1) & (SLOTS - 1);
      if (keys[slot] === -1) {
        if (colors.length === MAX_COLORS) return undefined;
        keys[slot] = key;
        values[slot] = colors.length;
        colors.push(key);
      }
      lastKey = key;
      lastIndex = values[slot] ?? 0;
    }
    indices[pixel] = lastIndex;
  }
  const palette = Uint8Array.from(colors.flatMap((color) => [color >> 16, (color >> 8) & 0xff, color & 0xff]));
  return { palette, indices, isGray: colors.every(isGrayColor) };
}

function isGrayColor(color: number): boolean {
  return color >> 16 === (color & 0xff) && ((color >> 8) & 0xff) === (color & 0xff);
}

/** A gray image has a palette of its own only if it has two tones. */
function grayPalette(samples: Uint8Array): FoundPalette | undefined {
  const first = samples[0] ?? 0;
  const second = samples.find((value) => value !== first) ?? first;
  const indices = new Uint8Array(samples.length);
  for (let at = 0; at < samples.length; at += 1) {
    const value = samples[at];
    if (value !== first && value !== second) return undefined;
    indices[at] = value === first ? 0 : 1;
  }
  const tones = first === second ? [first] : [first, second];
  return { palette: Uint8Array.from(tones.flatMap((tone) => [tone, tone, tone])), indices, isGray: true };
}
