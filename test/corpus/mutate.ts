/** Returns a number from 0 to below the bound. Equal seeds give equal sequences. */
export type Random = (below: number) => number;

/** Returns a linear congruential generator that uses the high half of its state. */
export function randomOf(seed: number): Random {
  let state = BigInt(seed) * 0x9e3779b97f4a7c15n;
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return below <= 0 ? 0 : Number((state >> 33n) % BigInt(below));
  };
}

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const EXTREMES = [
  '0',
  '-1',
  '1',
  '65535',
  '2147483647',
  '2147483648',
  '4294967295',
  '-2147483648',
  '99999999999999999999',
];
const NUMBER = /\d+/g;
/** The tokens that a swap moves: names, references, strings, brackets and keywords. */
const TOKEN =
  /\/[A-Za-z0-9]+|\d+ \d+ R|\([^()]{0,40}\)|<<|>>|\[|\]|endobj|endstream|stream|obj|xref|trailer|true|null/g;
/** Length of the window, at a random place in the file, that a pattern is searched in. */
const WINDOW = 16_384;

const flipBytes: Mutation = (bytes, random) => {
  const copy = Buffer.from(bytes);
  for (let n = 1 + random(16); n > 0 && copy.length > 0; n--) copy[random(copy.length)] = random(256);
  return copy;
};

const cutOff: Mutation = (bytes, random) => bytes.subarray(0, random(bytes.length));

const cutOut: Mutation = (bytes, random) => {
  const start = random(bytes.length);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + random(1 + (bytes.length >> 2)))]);
};

const splice: Mutation = (bytes, random, other) => {
  const [at, from] = [random(bytes.length), random(other.length)];
  const piece = other.subarray(from, from + 1 + random(4_096));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + random(2) * piece.length)]);
};

const changeNumber: Mutation = (bytes, random) => {
  const match = pick(matchesIn(bytes, NUMBER, random), random);
  if (!match) return bytes;
  const near = String(Number(match.text) + random(5) - 2);
  return replaced(bytes, match, random(2) === 0 ? near : (EXTREMES[random(EXTREMES.length)] ?? ''));
};

const swapTokens: Mutation = (bytes, random) => {
  const matches = matchesIn(bytes, TOKEN, random);
  const [one, other] = [pick(matches, random), pick(matches, random)];
  if (!one || !other || one.at === other.at) return bytes;
  const [first, second] = one.at < other.at ? [one, other] : [other, one];
  return replaced(replaced(bytes, second, first.text), first, second.text);
};

const MUTATIONS: readonly Mutation[] = [
  flipBytes,
  cutOff,
  cutOut,
  splice,
  changeNumber,
  changeNumber,
  swapTokens,
  swapTokens,
];

/** Returns a file with one to four mutations. `other` provides pieces for them. */
export function mutate(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let mutated = bytes;
  for (let n = 1 + random(4); n > 0; n--)
    mutated = MUTATIONS[random(MUTATIONS.length)]?.(mutated, random, other) ?? mutated;
  return mutated;
}

interface Match {
  readonly at: number;
  readonly text: string;
}

function matchesIn(bytes: Buffer, pattern: RegExp, random: Random): Match[] {
  const start = random(Math.max(1, bytes.length - WINDOW));
  const text = bytes.toString('latin1', start, start + WINDOW);
  return [...text.matchAll(pattern)].map((match) => ({ at: start + match.index, text: match[0] }));
}

function pick(matches: readonly Match[], random: Random): Match | undefined {
  return matches[random(matches.length)];
}

function replaced(bytes: Buffer, { at, text }: Match, by: string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(by, 'latin1'), bytes.subarray(at + text.length)]);
}
