import { TextDecoder } from 'node:util';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const shiftJis = new TextDecoder('shift_jis', { fatal: true });
/** The characters of 0x80 to 0x9f, which differ from Latin-1. Node 20 decodes them as Latin-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Returns a name from a part's header, whose bytes come as Latin-1 text. Clients send UTF-8 by RFC 7578, section 5.1.
 * Older ones send the encoding of their system: Shift-JIS is recognized, everything else is read as Windows-1252.
 */
export function decodePartName(latin1: string): string {
  // A name that was sent as `filename*` is decoded already.
  if (/^[\0-\x7f]*$|[^\0-\xff]/.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  return decode(utf8, bytes) ?? decodeJapanese(bytes) ?? decodeWindows1252(latin1);
}

function decode(decoder: TextDecoder, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeWindows1252(latin1: string): string {
  return latin1.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252.charAt(byte.charCodeAt(0) - 0x80));
}

const ONLY_JAPANESE = /^[\0-\x7f\u3000-\u30ff\u3400-\u9fff\uff01-\uff5e]*$/;
const KANA = /[\u3041-\u30fe]/;
/**
 * One CJK character next to Latin letters is an accented letter and its neighbour, as in "Hélène" read as Shift-JIS.
 */
const BETWEEN_LETTERS = /[a-z][^\0-\x7f](?![^\0-\x7f])|(?<![^\0-\x7f])[^\0-\x7f][a-z]/i;

/** Undefined if the bytes are not Shift-JIS, or are more likely a name in a Latin script. */
function decodeJapanese(bytes: Buffer): string | undefined {
  // Most Japanese characters start with one of these bytes, which hardly occur in Windows-1252.
  if (!bytes.some((byte) => byte >= 0x81 && byte <= 0x9f)) return undefined;
  const text = decode(shiftJis, bytes);
  if (text === undefined || !ONLY_JAPANESE.test(text)) return undefined;
  return KANA.test(text) || !BETWEEN_LETTERS.test(text) ? text : undefined;
}
