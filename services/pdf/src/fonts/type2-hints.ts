import { FontError } from './font-error.js';
import { encodeType2Number } from './type2-numbers.js';

/** Maximum number of stems of a glyph (TN 5177, appendix B), and of stems that fit on the stack with a width. */
const MAX_STEMS = 96;
const MAX_STEMS_OF_OPERATOR = 23;
const [HSTEM, VSTEM, HSTEMHM, HINTMASK, VSTEMHM] = [1, 3, 18, 19, 23] as const;

export interface Stem {
  readonly isHorizontal: boolean;
  readonly edge: number;
  readonly width: number;
}

/** The stems that hold for a part of a path. */
export type StemSet = ReadonlyMap<string, Stem>;

/** Returns the set with a stem. Equal stems have equal keys. */
export function withStem(stems: StemSet, stem: Stem): StemSet {
  return new Map(stems).set(`${stem.isHorizontal} ${stem.edge} ${stem.width}`, stem);
}

export function areSameStems(one: StemSet, other: StemSet): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key));
}

/** Encodes the stems of a glyph and the masks that select some of them (TN 5177, 4.3). */
export class Type2Hints {
  readonly #horizontal: readonly (readonly [string, Stem])[];
  readonly #vertical: readonly (readonly [string, Stem])[];

  /** `sets` are the stems of each part of the path in their order. Neighbours differ. */
  constructor(readonly sets: readonly StemSet[]) {
    const all = [...new Map(sets.flatMap((set) => [...set]))].sort(
      ([, one], [, other]) => one.edge - other.edge || one.width - other.width,
    );
    if (all.length > MAX_STEMS) throw new FontError('has a glyph with too many hints');
    this.#horizontal = all.filter(([, stem]) => stem.isHorizontal);
    this.#vertical = all.filter(([, stem]) => !stem.isHorizontal);
  }

  /** Whether different parts have different stems. */
  get hasMasks(): boolean {
    return this.sets.length > 1;
  }

  /** The operators in front of the path, with the first mask. */
  declaration(): number[] {
    const [horizontal, vertical] = [this.#horizontal, this.#vertical].map((stems) =>
      chunksOf(stems.map(([, stem]) => stem)),
    );
    const [h, v] = this.hasMasks ? [HSTEMHM, VSTEMHM] : [HSTEM, VSTEM];
    const bytes = [
      ...(horizontal ?? []).flatMap((stems) => [...encodeStems(stems), h]),
      ...(vertical ?? []).flatMap((stems) => [...encodeStems(stems), v]),
    ];
    if (!this.hasMasks) return bytes;
    // The mask stands for vstemhm in front of it.
    if (this.#vertical.length > 0) bytes.pop();
    return [...bytes, ...this.mask(this.sets[0] ?? new Map<string, Stem>())];
  }

  /** The operator that selects stems: a bit for each stem in the order of their declaration. */
  mask(set: StemSet): number[] {
    const stems = [...this.#horizontal, ...this.#vertical];
    const bytes = Array<number>(Math.ceil(stems.length / 8)).fill(0);
    for (const [at, [key]] of stems.entries())
      if (set.has(key)) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7));
    return [HINTMASK, ...bytes];
  }
}

function chunksOf(stems: readonly Stem[]): Stem[][] {
  const chunks: Stem[][] = [];
  for (let at = 0; at < stems.length; at += MAX_STEMS_OF_OPERATOR)
    chunks.push(stems.slice(at, at + MAX_STEMS_OF_OPERATOR));
  return chunks;
}

/** Each edge is a distance from the edge before it. The first one is from 0. */
function encodeStems(stems: readonly Stem[]): number[] {
  let last = 0;
  return stems.flatMap(({ edge, width }) => {
    const distance = edge - last;
    last = edge + width;
    return [...encodeType2Number(distance), ...encodeType2Number(width)];
  });
}
