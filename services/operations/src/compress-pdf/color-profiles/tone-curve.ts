/** A tone curve of a profile, from device values to linear light. Both are from 0 to 1. */
export interface ToneCurve {
  readonly at: (value: number) => number;
  /** The parameters of a parametric curve that is the same, otherwise undefined. */
  readonly exact: Parameters | undefined;
}

/** The type of a parametric curve and its parameters (ICC.1:2022, 10.18). */
export interface Parameters {
  readonly type: number;
  readonly values: readonly number[];
}

/** Parameters of each type of parametric curve. */
const PARAMETER_COUNTS = [1, 3, 4, 5, 7];
const SRGB: Parameters = { type: 3, values: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045] };
/** Gammas of common profiles. 563/256 is that of Adobe RGB. */
const GAMMAS = [1, 1.8, 2, 563 / 256, 2.2, 2.4];
/** Number of device values that two curves are compared at. */
const STEPS = 1020;
/** Difference of two curves that is invisible, as a share of the range of sRGB samples. */
const TOLERANCE = 0.4 / 255;

/** Reads a curve or a parametric curve (10.6 and 10.18). Undefined if it is invalid. */
export function readCurve(tag: Buffer): ToneCurve | undefined {
  if (tag.length < 12) return undefined;
  const type = tag.toString('latin1', 0, 4);
  if (type === 'curv') return readSamples(tag);
  return type === 'para' ? readParametric(tag) : undefined;
}

function readSamples(tag: Buffer): ToneCurve | undefined {
  const count = tag.readUInt32BE(8);
  if (tag.length < 12 + 2 * count) return undefined;
  if (count === 0) return parametric({ type: 0, values: [1] });
  if (count === 1) return parametric({ type: 0, values: [tag.readUInt16BE(12) / 256] });
  const sample = (index: number): number => tag.readUInt16BE(12 + 2 * index) / 65_535;
  const at = (value: number): number => {
    const position = value * (count - 1);
    const below = Math.min(Math.floor(position), count - 2);
    return sample(below) + (position - below) * (sample(below + 1) - sample(below));
  };
  return { at, exact: undefined };
}

function readParametric(tag: Buffer): ToneCurve | undefined {
  const type = tag.readUInt16BE(8);
  const count = PARAMETER_COUNTS[type];
  if (count === undefined || tag.length < 12 + 4 * count) return undefined;
  const values = Array.from({ length: count }, (_none, index) => tag.readInt32BE(12 + 4 * index) / 65_536);
  return parametric({ type, values });
}

function parametric(exact: Parameters): ToneCurve {
  const { type, values } = exact;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = values;
  const power = (value: number): number => Math.max(0, a * value + b) ** g;
  const at = (value: number): number => {
    switch (type) {
      case 0:
        return value ** g;
      case 1:
        return value >= -b / a ? power(value) : 0;
      case 2:
        return value >= -b / a ? power(value) + c : c;
      case 3:
        return value >= d ? power(value) : c * value;
      default:
        return value >= d ? power(value) + e : c * value + f;
    }
  };
  return { at, exact };
}

/** Returns the parameters of the most similar curve. Undefined if it looks different. */
export function parametersOf(curve: ToneCurve): Parameters | undefined {
  if (curve.exact) return curve.exact;
  const candidates = [SRGB, ...GAMMAS.map((gamma): Parameters => ({ type: 0, values: [gamma] }))].map((parameters) => ({
    parameters,
    difference: differenceOf(curve, parametric(parameters)),
  }));
  const best = candidates.reduce((left, right) => (right.difference < left.difference ? right : left));
  return best.difference <= TOLERANCE ? best.parameters : undefined;
}

/** The largest difference of two curves, as a share of the range of sRGB samples. */
function differenceOf(left: ToneCurve, right: ToneCurve): number {
  let largest = 0;
  for (let step = 0; step <= STEPS; step++) {
    const value = step / STEPS;
    const difference = Math.abs(toSample(left.at(value)) - toSample(right.at(value)));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** The sRGB sample for linear light, in which equal differences look equal. */
function toSample(light: number): number {
  const clamped = Math.max(0, Math.min(1, light));
  return clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
}
