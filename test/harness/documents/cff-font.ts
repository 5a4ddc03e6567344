/** A CFF font for tests. Numbers of dictionaries are operands in front of their operator. */
export interface CffSource {
  /** The charstrings by glyph. Glyph 0 is .notdef. */
  readonly charStrings: readonly Uint8Array[];
  /** The bytes of the charset. Without it the glyphs have the names of the ISOAdobe charset. */
  readonly charset?: readonly number[];
  readonly encoding?: readonly number[];
  readonly strings?: readonly string[];
  readonly globalSubroutines?: readonly Uint8Array[];
  readonly localSubroutines?: readonly Uint8Array[];
  /** Further entries of the Top DICT, before its offsets. */
  readonly top?: readonly number[];
  readonly private?: readonly number[];
  /** Makes the font CID-keyed: the bytes of FDSelect. It has two equal Font DICTs. */
  readonly fdSelect?: readonly number[];
}

const [CHARSET, ENCODING, CHARSTRINGS, PRIVATE, SUBRS] = [[15], [16], [17], [18], [19]] as const;
const [FD_ARRAY, FD_SELECT] = [
  [12, 36],
  [12, 37],
] as const;
/** An operand of five bytes, so that the size of a dictionary does not depend on its offsets. */
const OFFSET_BYTES = 5;

/** Builds a bare CFF font (TN 5176) with the name "Test". */
export function buildCff(source: CffSource): Uint8Array {
  const sizeOfTop = topDict(source, new Map()).length;
  const head = (top: readonly number[]): number[] => [
    ...[1, 0, 4, 4],
    ...index([Buffer.from('Test')]),
    ...index([top]),
    ...index((source.strings ?? []).map((text) => Buffer.from(text, 'latin1'))),
    ...index(source.globalSubroutines ?? []),
  ];
  const body: number[] = [];
  const offsets = new Map<string, number>();
  const start = head(Array<number>(sizeOfTop).fill(0)).length;
  const place = (name: string, bytes: readonly number[]): void => {
    offsets.set(name, start + body.length);
    body.push(...bytes);
  };
  place('charStrings', index(source.charStrings));
  if (source.charset) place('charset', source.charset);
  if (source.encoding) place('encoding', source.encoding);
  const privateDict = privateDictOf(source);
  offsets.set('privateSize', privateDict.length);
  place('private', [...privateDict, ...(source.localSubroutines ? index(source.localSubroutines) : [])]);
  if (source.fdSelect) {
    place('fdSelect', source.fdSelect);
    const fontDict = privateEntry(offsets);
    place('fdArray', index([fontDict, fontDict]));
  }
  return Uint8Array.from([...head(topDict(source, offsets)), ...body]);
}

function topDict(source: CffSource, offsets: ReadonlyMap<string, number>): number[] {
  const entry = (name: string, operator: readonly number[]): number[] => [
    ...operand(offsets.get(name) ?? 0),
    ...operator,
  ];
  // ROS is Adobe-Identity-0, here with standard strings as names.
  const ros = source.fdSelect ? [139, 139, 139, 12, 30] : [];
  return [
    ...ros,
    ...(source.top ?? []),
    ...(source.charset ? entry('charset', CHARSET) : []),
    ...(source.encoding ? entry('encoding', ENCODING) : []),
    ...entry('charStrings', CHARSTRINGS),
    ...(source.fdSelect ? [...entry('fdSelect', FD_SELECT), ...entry('fdArray', FD_ARRAY)] : privateEntry(offsets)),
  ];
}

function privateEntry(offsets: ReadonlyMap<string, number>): number[] {
  return [...operand(offsets.get('privateSize') ?? 0), ...operand(offsets.get('private') ?? 0), ...PRIVATE];
}

function privateDictOf({ private: entries = [], localSubroutines }: CffSource): number[] {
  if (!localSubroutines) return [...entries];
  return [...entries, ...operand(entries.length + OFFSET_BYTES + SUBRS.length), ...SUBRS];
}

function operand(value: number): number[] {
  return [29, (value >> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

/** An INDEX with offsets of two bytes. */
function index(items: readonly ArrayLike<number>[]): number[] {
  if (items.length === 0) return [0, 0];
  const word = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
  let offset = 1;
  const offsets = items.map((item) => word((offset += item.length)));
  return [...word(items.length), 2, ...word(1), ...offsets.flat(), ...items.flatMap((item) => [...Array.from(item)])];
}
