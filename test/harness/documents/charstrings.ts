/** Operators of Type 1 and Type 2 charstrings by their names. Two-byte operators start with 12. */
const OPERATORS: Readonly<Record<string, readonly number[]>> = {
  hstem: [1],
  vstem: [3],
  vmoveto: [4],
  rlineto: [5],
  hlineto: [6],
  vlineto: [7],
  rrcurveto: [8],
  closepath: [9],
  callsubr: [10],
  return: [11],
  hsbw: [13],
  endchar: [14],
  hstemhm: [18],
  hintmask: [19],
  cntrmask: [20],
  rmoveto: [21],
  hmoveto: [22],
  vstemhm: [23],
  rcurveline: [24],
  rlinecurve: [25],
  vvcurveto: [26],
  hhcurveto: [27],
  callgsubr: [29],
  vhcurveto: [30],
  hvcurveto: [31],
  dotsection: [12, 0],
  vstem3: [12, 1],
  hstem3: [12, 2],
  seac: [12, 6],
  sbw: [12, 7],
  callothersubr: [12, 16],
  pop: [12, 17],
  setcurrentpoint: [12, 33],
  and: [12, 3],
  or: [12, 4],
  not: [12, 5],
  abs: [12, 9],
  add: [12, 10],
  sub: [12, 11],
  div: [12, 12],
  neg: [12, 14],
  eq: [12, 15],
  drop: [12, 18],
  put: [12, 20],
  get: [12, 21],
  ifelse: [12, 22],
  mul: [12, 24],
  sqrt: [12, 26],
  dup: [12, 27],
  exch: [12, 28],
  index: [12, 29],
  roll: [12, 30],
  hflex: [12, 34],
  flex: [12, 35],
  hflex1: [12, 36],
  flex1: [12, 37],
};

type Encode = (value: number) => readonly number[];

/** Encodes a Type 2 charstring of numbers and operators, as `100 0 rmoveto #80`. A token with # is a byte. */
export function type2(source: string): Uint8Array {
  return assemble(source, (value) =>
    Number.isInteger(value) ? [28, (value >> 8) & 0xff, value & 0xff] : [255, ...long(Math.round(value * 65_536))],
  );
}

/** Encodes a Type 1 charstring of numbers and operators, as `0 500 hsbw`. */
export function type1(source: string): Uint8Array {
  return assemble(source, (value) => [255, ...long(value)]);
}

function assemble(source: string, encodeLarge: Encode): Uint8Array {
  const tokens = source.split(/\s+/).filter((token) => token !== '');
  return Uint8Array.from(tokens.flatMap((token) => encodeToken(token, encodeLarge)));
}

function encodeToken(token: string, encodeLarge: Encode): readonly number[] {
  if (token.startsWith('#')) return [Number.parseInt(token.slice(1), 16)];
  const operator = OPERATORS[token];
  if (operator) return operator;
  const value = Number(token);
  if (Number.isNaN(value)) throw new RangeError(`A charstring has the unknown operator "${token}".`);
  if (!Number.isInteger(value) || Math.abs(value) > 1131) return encodeLarge(value);
  if (Math.abs(value) <= 107) return [value + 139];
  const rest = Math.abs(value) - 108;
  return [(value > 0 ? 247 : 251) + (rest >> 8), rest & 0xff];
}

function long(value: number): number[] {
  return [(value >> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}
