import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfStream, PdfString } from '../syntax/objects.js';
import { textOf } from './text-string.js';
import { findXmpEntries } from './xmp-entries.js';
import type { XmpEntry } from './xmp-entries.js';
import { readXmpText } from './xmp-text.js';

/** A part of ISO 19005 (PDF/A). */
export type PdfaPart = 1 | 2 | 3 | 4;

export type Standard = 'PDF/A' | 'PDF/UA' | 'PDF/X' | 'PDF/E' | 'PDF/VT';

/** Standards that forbid encryption (ISO 19005, 6.1.3; ISO 15930, 6.1; ISO 24517-1, 6.1). PDF/UA allows it. */
export const UNENCRYPTED: readonly Standard[] = ['PDF/A', 'PDF/X', 'PDF/E', 'PDF/VT'];
const EVERY_STANDARD: readonly Standard[] = [...UNENCRYPTED, 'PDF/UA'];

/** A standard that a document claims to conform to. */
export interface ConformanceClaim {
  readonly standard: Standard;
  /** Such as `PDF/A-2b`, `PDF/UA-1`, `PDF/X-4`. */
  readonly label: string;
  /** The part of PDF/A or PDF/UA, or 0 if it is unknown. */
  readonly part: number;
  /** The level of PDF/A in upper case: A, B, U, E, F, or nothing. */
  readonly level: string;
}

const PDFA = 'http://www.aiim.org/pdfa/ns/id/';
const PDFUA = 'http://www.aiim.org/pdfua/ns/id/';
/** Properties that contain a version, with their namespace and standard. */
const VERSIONS = [
  ['http://www.npes.org/pdfx/ns/id/', 'GTS_PDFXVersion', 'PDF/X'],
  ['http://ns.adobe.com/pdfx/1.3/', 'GTS_PDFXVersion', 'PDF/X'],
  ['http://www.aiim.org/pdfe/ns/id/', 'ISO_PDFEVersion', 'PDF/E'],
  ['http://www.npes.org/pdfvt/ns/id/', 'GTS_PDFVTVersion', 'PDF/VT'],
] as const;
const STANDARDS = new Map<string, Standard>([
  [PDFA, 'PDF/A'],
  [PDFUA, 'PDF/UA'],
  ...VERSIONS.map(([namespace, , standard]) => [namespace, standard] as const),
]);
/** Adobe stores custom properties in the same namespace. */
const MIXED = 'http://ns.adobe.com/pdfx/1.3/';
const NAMESPACES: ReadonlySet<string> = new Set(STANDARDS.keys());
/** The document information entries that claim PDF/X-1a and PDF/X-3 (ISO 15930-1, 6.3). */
const INFO_CLAIMS = ['GTS_PDFXVersion', 'GTS_PDFXConformance'];

/** Reads the claims in the catalog's metadata and in the document information. Each standard occurs once. */
export function readClaims(file: PdfFile): ConformanceClaim[] {
  const metadata = file.catalogEntry('Metadata');
  const claims = metadata instanceof PdfStream ? claimsOf(file.decoded(metadata).bytes) : [];
  const info = file.resolve(file.trailer.get('Info'));
  const version = info instanceof PdfDict ? file.resolve(info.get('GTS_PDFXVersion')) : null;
  if (version instanceof PdfString && !claims.some(({ standard }) => standard === 'PDF/X'))
    claims.push(versionClaim('PDF/X', textOf(version)));
  return claims;
}

/** Reads the claims of an XMP packet. */
export function claimsOf(packet: Buffer): ConformanceClaim[] {
  const entries = claimEntries(readXmpText(packet).text);
  const value = (namespace: string, name: string): string | undefined =>
    entries.find((entry) => entry.namespace === namespace && entry.name === name)?.value;
  const claims: ConformanceClaim[] = [];
  const part = value(PDFA, 'part');
  if (part !== undefined) {
    const level = (value(PDFA, 'conformance') ?? '').toUpperCase();
    claims.push({ standard: 'PDF/A', label: `PDF/A-${part}${level.toLowerCase()}`, part: partNumber(part), level });
  }
  const accessible = value(PDFUA, 'part');
  if (accessible !== undefined)
    claims.push({ standard: 'PDF/UA', label: `PDF/UA-${accessible}`, part: partNumber(accessible), level: '' });
  for (const [namespace, name, standard] of VERSIONS) {
    const version = value(namespace, name);
    if (version !== undefined && !claims.some((claim) => claim.standard === standard))
      claims.push(versionClaim(standard, version));
  }
  return claims;
}

/** The part whose rules a writer must follow to keep this claim. Undefined if the part is unknown. */
export function pdfaPartOf({ standard, part }: ConformanceClaim): PdfaPart | undefined {
  if (standard !== 'PDF/A') return undefined;
  return part === 1 || part === 2 || part === 3 || part === 4 ? part : undefined;
}

/** Returns the packet without claims of conformance to the standards. Keeps the descriptions of their schemas. */
export function withoutClaims(packet: Buffer, standards = EVERY_STANDARD): Buffer {
  const { text, encode } = readXmpText(packet);
  let [left, at] = ['', 0];
  for (const { namespace, start, end } of claimEntries(text).sort((one, other) => one.start - other.start)) {
    const standard = STANDARDS.get(namespace);
    if (end <= at || !standard || !standards.includes(standard)) continue;
    left += text.slice(at, Math.max(at, start));
    at = end;
  }
  return at === 0 ? packet : encode(left + text.slice(at));
}

/** Returns the document information without claims of PDF/X, or the same dictionary if it has no claims. */
export function infoWithoutClaims(info: PdfDict): PdfDict {
  if (!INFO_CLAIMS.some((key) => info.has(key))) return info;
  return new PdfDict([...info].filter(([key]) => !INFO_CLAIMS.includes(key)));
}

function claimEntries(text: string): XmpEntry[] {
  return findXmpEntries(text, NAMESPACES).filter(
    ({ namespace, name }) => namespace !== MIXED || INFO_CLAIMS.includes(name),
  );
}

function versionClaim(standard: ConformanceClaim['standard'], version: string): ConformanceClaim {
  return { standard, label: version.startsWith(standard) ? version : `${standard} ${version}`, part: 0, level: '' };
}

function partNumber(text: string): number {
  return /^\d$/.test(text) ? Number(text) : 0;
}
