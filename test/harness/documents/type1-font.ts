const [EEXEC_KEY, CHARSTRING_KEY, FACTOR, INCREMENT] = [55_665, 4330, 52_845, 22_719] as const;
const EEXEC_RANDOM_BYTES = 4;

/** A Type 1 font for tests. Texts are PostScript. */
export interface Type1Source {
  /** The charstrings by glyph name. */
  readonly glyphs: Readonly<Record<string, Uint8Array>>;
  readonly subroutines?: readonly Uint8Array[];
  readonly encoding?: string;
  readonly fontMatrix?: string;
  /** Further entries of the font dictionary and of the Private dictionary. */
  readonly font?: string;
  readonly private?: string;
  /** Random bytes in front of charstrings. -1 stands for charstrings that are not encrypted. */
  readonly lenIV?: number;
  /** How the encrypted portion is written. `pfb` adds segment headers to a binary one. */
  readonly form?: 'binary' | 'hex' | 'pfb';
}

/** Builds a Type 1 font program with the name "Test" (Adobe Type 1 Font Format). */
export function buildType1(source: Type1Source): Uint8Array {
  const clear = Buffer.from(
    `%!PS-AdobeFont-1.0: Test\n% a comment with /FontName /Wrong def\n11 dict begin
/FontInfo 2 dict dup begin /Notice (An \\(escaped\\) (nested) /FontName) readonly def end readonly def
/FontName /Test def /PaintType 0 def /FontType 1 def ${source.font ?? ''}
/FontMatrix ${source.fontMatrix ?? '[0.001 0 0 0.001 0 0]'} readonly def
/Encoding ${source.encoding ?? 'StandardEncoding'} def
/FontBBox {-10 -20 1000 900} readonly def
currentdict end currentfile eexec\n`,
    'latin1',
  );
  const plain = Buffer.concat([Buffer.alloc(EEXEC_RANDOM_BYTES, 0xff), privatePortion(source)]);
  const binary = encrypt(plain, EEXEC_KEY);
  const trailer = Buffer.from(`\n${'0'.repeat(64)}\ncleartomark\n`);
  if (source.form === 'hex') {
    const lines = binary.toString('hex').replaceAll(/.{64}/g, '$&\n');
    return Buffer.concat([clear, Buffer.from(lines), trailer]);
  }
  if (source.form !== 'pfb') return Buffer.concat([clear, binary, trailer]);
  return Buffer.concat([segment(1, clear), segment(2, binary), segment(1, trailer), Buffer.from([0x80, 3])]);
}

function privatePortion(source: Type1Source): Buffer {
  const lenIV = source.lenIV ?? 4;
  const binary = (bytes: Uint8Array): Buffer =>
    lenIV < 0 ? Buffer.from(bytes) : encrypt(Buffer.concat([Buffer.alloc(lenIV), bytes]), CHARSTRING_KEY);
  const text = (value: string): Buffer => Buffer.from(value, 'latin1');
  const entry = (head: string, bytes: Uint8Array, tail: string): Buffer[] => {
    const data = binary(bytes);
    return [text(`${head} ${data.length} RD `), data, text(` ${tail}\n`)];
  };
  const subroutines = source.subroutines ?? [];
  const glyphs = Object.entries(source.glyphs);
  return Buffer.concat([
    text(`dup /Private 12 dict dup begin /RD {string currentfile exch readstring pop} executeonly def
/ND {noaccess def} executeonly def /NP {noaccess put} executeonly def /password 5839 def
${source.lenIV === undefined ? '' : `/lenIV ${source.lenIV} def`} ${source.private ?? ''}
/Subrs ${subroutines.length} array\n`),
    ...subroutines.flatMap((bytes, number) => entry(`dup ${number}`, bytes, 'NP')),
    text(`ND\n2 index /CharStrings ${glyphs.length} dict dup begin\n`),
    ...glyphs.flatMap(([name, bytes]) => entry(`/${name}`, bytes, 'ND')),
    text('end end readonly put noaccess put dup/FontName get exch definefont pop mark currentfile closefile\n'),
  ]);
}

/** Adobe Type 1 Font Format, 7.1. */
function encrypt(plain: Buffer, key: number): Buffer {
  let state = key;
  return Buffer.from(
    plain.map((byte) => {
      const cipher = byte ^ (state >> 8);
      state = ((cipher + state) * FACTOR + INCREMENT) & 0xffff;
      return cipher;
    }),
  );
}

function segment(type: number, data: Buffer): Buffer {
  const header = Buffer.from([0x80, type, 0, 0, 0, 0]);
  header.writeUInt32LE(data.length, 2);
  return Buffer.concat([header, data]);
}
