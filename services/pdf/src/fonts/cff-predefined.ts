/** Ranges of a predefined encoding: the first code, its SID, and the number of codes. */
type EncodingRange = readonly [code: number, sid: number, count: number];
/** Ranges of a predefined charset: the first SID and the number of glyphs. */
type CharsetRange = readonly [sid: number, count: number];

/** TN 5176, appendix B. Encodings by their number, each a map of codes to SIDs. */
export const PREDEFINED_ENCODINGS: readonly ReadonlyMap<number, number>[] = [
  encoding([
    [32, 1, 95],
    [161, 96, 15],
    [177, 111, 4],
    [182, 115, 8],
    [191, 123, 1],
    [193, 124, 8],
    [202, 132, 2],
    [205, 134, 4],
    [225, 138, 1],
    [227, 139, 1],
    [232, 140, 4],
    [241, 144, 1],
    [245, 145, 1],
    [248, 146, 4],
  ]),
  encoding([
    [32, 1, 1],
    [33, 229, 2],
    [36, 231, 8],
    [44, 13, 3],
    [47, 99, 1],
    [48, 239, 10],
    [58, 27, 2],
    [60, 249, 4],
    [65, 253, 5],
    [73, 258, 1],
    [76, 259, 4],
    [82, 263, 3],
    [86, 266, 1],
    [87, 109, 2],
    [89, 267, 3],
    [93, 270, 34],
    [161, 304, 3],
    [166, 307, 5],
    [172, 312, 1],
    [175, 313, 1],
    [178, 314, 2],
    [182, 316, 3],
    [188, 158, 1],
    [189, 155, 1],
    [190, 163, 1],
    [191, 319, 7],
    [200, 326, 1],
    [201, 150, 1],
    [202, 164, 1],
    [203, 169, 1],
    [204, 327, 52],
  ]),
];

/** TN 5176, appendix C. Charsets by their number: ISOAdobe, Expert and ExpertSubset. Each lists the SIDs by glyph. */
export const PREDEFINED_CHARSETS: readonly (readonly number[])[] = [
  charset([[1, 228]]),
  charset([
    [1, 1],
    [229, 10],
    [13, 3],
    [99, 1],
    [239, 10],
    [27, 2],
    [249, 18],
    [109, 2],
    [267, 52],
    [158, 1],
    [155, 1],
    [163, 1],
    [319, 8],
    [150, 1],
    [164, 1],
    [169, 1],
    [327, 52],
  ]),
  charset([
    [1, 1],
    [231, 2],
    [235, 4],
    [13, 3],
    [99, 1],
    [239, 10],
    [27, 2],
    [249, 3],
    [253, 14],
    [109, 2],
    [267, 4],
    [272, 1],
    [300, 3],
    [305, 1],
    [314, 2],
    [158, 1],
    [155, 1],
    [163, 1],
    [320, 7],
    [150, 1],
    [164, 1],
    [169, 1],
    [327, 20],
  ]),
];

function encoding(ranges: readonly EncodingRange[]): Map<number, number> {
  const sids = new Map<number, number>();
  for (const [code, sid, count] of ranges) for (let at = 0; at < count; at++) sids.set(code + at, sid + at);
  return sids;
}

function charset(ranges: readonly CharsetRange[]): number[] {
  return [0, ...ranges.flatMap(([sid, count]) => Array.from({ length: count }, (_, at) => sid + at))];
}
