import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** The glyph names of Macintosh fonts in their order (OpenType 1.9, "post"). */
export const MACINTOSH_NAMES: readonly string[] = `
.notdef .null nonmarkingreturn space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft
parenright asterisk plus comma hyphen period slash zero one two three four five six seven eight nine colon
semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash
bracketright asciicircum underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar
braceright asciitilde Adieresis Aring Ccedilla Eacute Ntilde Odieresis Udieresis aacute agrave acircumflex
adieresis atilde aring ccedilla eacute egrave ecircumflex edieresis iacute igrave icircumflex idieresis ntilde
oacute ograve ocircumflex odieresis otilde uacute ugrave ucircumflex udieresis dagger degree cent sterling section
bullet paragraph germandbls registered copyright trademark acute dieresis notequal AE Oslash infinity plusminus
lessequal greaterequal yen mu partialdiff summation product pi integral ordfeminine ordmasculine Omega ae oslash
questiondown exclamdown logicalnot radical florin approxequal Delta guillemotleft guillemotright ellipsis
nonbreakingspace Agrave Atilde Otilde OE oe endash emdash quotedblleft quotedblright quoteleft quoteright divide
lozenge ydieresis Ydieresis fraction currency guilsinglleft guilsinglright fi fl daggerdbl periodcentered
quotesinglbase quotedblbase perthousand Acircumflex Ecircumflex Aacute Edieresis Egrave Iacute Icircumflex
Idieresis Igrave Oacute Ocircumflex apple Ograve Uacute Ucircumflex Ugrave dotlessi circumflex tilde macron breve
dotaccent ring cedilla hungarumlaut ogonek caron Lslash lslash Scaron scaron Zcaron zcaron brokenbar Eth eth
Yacute yacute Thorn thorn minus multiply onesuperior twosuperior threesuperior onehalf onequarter threequarters
franc Gbreve gbreve Idotaccent Scedilla scedilla Cacute cacute Ccaron ccaron dcroat
`
  .trim()
  .split(/\s+/);

/** Offset of the number of glyphs that have names. */
export const NAMES_AT = 32;
const [VERSION_1, VERSION_2, VERSION_3] = [0x1_0000, 0x2_0000, 0x3_0000];

/**
 * Reads the glyph names of a table `post` by glyph. Returns undefined if it has none (version 3). Names that the table
 * does not contain are undefined. Throws a `FontError` if the table has an unknown version or is cut off.
 */
export function readPostNames(table: Uint8Array): (string | undefined)[] | undefined {
  const reader = new FontBytes(table);
  const version = reader.uint32();
  if (version === VERSION_1) return [...MACINTOSH_NAMES];
  if (version === VERSION_3) return undefined;
  if (version !== VERSION_2) throw new FontError('has an unknown version of its glyph names');
  reader.at = NAMES_AT;
  const count = reader.uint16();
  const indexes = Array.from({ length: count }, () => reader.uint16());
  const ownNames: string[] = [];
  while (reader.at < table.length) {
    const length = Math.min(reader.uint8(), table.length - reader.at);
    ownNames.push(String.fromCharCode(...reader.take(length)));
  }
  return indexes.map((index) => MACINTOSH_NAMES[index] ?? ownNames[index - MACINTOSH_NAMES.length]);
}
