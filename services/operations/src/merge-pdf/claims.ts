import { withFileName } from '../input-error.js';
import { encryptionNote } from '../output-password.js';
import { PdfDict, UNENCRYPTED, pdfaPartOf, readClaims } from '@pdf-tools/pdf';
import type { ConformanceClaim, PdfaPart, Standard } from '@pdf-tools/pdf';
import type { OpenDocument } from './documents.js';
import type { MergeParams } from './options.js';
import type { Part } from './plan.js';
import { outputIntentKeys } from './features/output-intents.js';

/** What the result claims, and which claims of the files it drops. */
export interface ClaimPlan {
  /** The part of PDF/A that the result claims. */
  readonly pdfaPart: PdfaPart | undefined;
  /** The standards that the result must not claim. */
  readonly dropped: readonly Standard[];
  /** Notes for the report about each file's claims, by position in the request. */
  readonly notes: ReadonlyMap<number, readonly string[]>;
}

interface ClaimingDocument extends OpenDocument {
  readonly index: number;
  readonly claims: readonly ConformanceClaim[];
  /** Keys of its output intents if it claims PDF/A. */
  readonly intents: readonly string[];
}

/** Levels of PDF/A. Each includes those before it (ISO 19005-2, 5). */
const LEVELS = ['B', 'U', 'A'];

/**
 * Decides which claims the result keeps: those that every file makes and that the merge does not contradict. The result
 * has the metadata of the first part's file.
 */
export async function planClaims(
  parts: readonly Part[],
  documents: ReadonlyMap<number, OpenDocument>,
  params: MergeParams,
): Promise<ClaimPlan> {
  const used: ClaimingDocument[] = [];
  for (const index of new Set(parts.map((part) => part.index))) {
    const document = documents.get(index);
    if (!document) continue;
    used.push(await withFileName(document.numbered, () => readDocument(document, index)));
  }
  const standards = new Set(used.flatMap(({ claims }) => claims.map(({ standard }) => standard)));
  const reasons = new Map([...standards].map((standard) => [standard, reasonToDrop(standard, used, params)] as const));
  const notes = used.map(
    ({ index, claims }) => [index, claims.flatMap((claim) => noteOn(claim, reasons.get(claim.standard)))] as const,
  );
  const pdfa = claimOf(used[0], 'PDF/A');
  return {
    pdfaPart: pdfa && !reasons.get('PDF/A') ? pdfaPartOf(pdfa) : undefined,
    dropped: [...standards].filter((standard) => reasons.get(standard) !== undefined),
    notes: new Map(notes),
  };
}

function readDocument(document: OpenDocument, index: number): ClaimingDocument {
  const claims = readClaims(document.file);
  const isArchived = claims.some(({ standard }) => standard === 'PDF/A');
  return { ...document, index, claims, intents: isArchived ? outputIntentKeys(document.file) : [] };
}

function noteOn(claim: ConformanceClaim, reason: string | undefined): string[] {
  if (reason === undefined) return [];
  return [reason === ENCRYPTED ? encryptionNote(claim) : `no longer claims ${claim.label}: ${reason}`];
}

const ENCRYPTED = 'encrypted';

function reasonToDrop(
  standard: Standard,
  documents: readonly ClaimingDocument[],
  { output_password, toc }: MergeParams,
): string | undefined {
  if (output_password !== '' && UNENCRYPTED.includes(standard)) return ENCRYPTED;
  if (standard !== 'PDF/A' && standard !== 'PDF/UA') return 'merging does not keep it';
  if (toc) return 'the contents page does not conform';
  const first = claimOf(documents[0], standard);
  for (const document of documents) {
    const claim = claimOf(document, standard);
    const name = `"${document.numbered.file.name}"`;
    if (!claim) return `${name} does not claim ${standard}`;
    if (first && !includes(claim, first)) return `${name} claims ${claim.label}`;
  }
  return standard === 'PDF/A' ? conflict(documents) : undefined;
}

/** Returns why files that conform separately do not conform together. */
function conflict(documents: readonly ClaimingDocument[]): string | undefined {
  const [first] = documents;
  if (first && !first.claims.some((claim) => pdfaPartOf(claim))) return 'its part is not known';
  const intents = new Set(documents.flatMap((document) => document.intents));
  if (intents.size > 1) return 'the files have different output intents';
  const layered = documents.filter(({ file }) => file.catalogEntry('OCProperties') instanceof PdfDict);
  // Names of configurations must differ (ISO 19005-2, 6.9).
  return layered.length > 1 ? 'several files have layers' : undefined;
}

/** Whether a file that conforms to one claim conforms to another claim of the same standard. */
function includes(claim: ConformanceClaim, other: ConformanceClaim): boolean {
  if (claim.part !== other.part) return false;
  if (claim.level === other.level) return true;
  const [level, least] = [LEVELS.indexOf(claim.level), LEVELS.indexOf(other.level)];
  return least >= 0 && level > least;
}

function claimOf(document: ClaimingDocument | undefined, standard: Standard): ConformanceClaim | undefined {
  return document?.claims.find((claim) => claim.standard === standard);
}
