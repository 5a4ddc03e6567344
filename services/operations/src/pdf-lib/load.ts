import { PDFDict, PDFName, PDFParser, PDFRef } from 'pdf-lib';
import type { PDFContext } from 'pdf-lib';
import { Fault } from '../fault.js';
import { checkStreams } from './check-streams.js';
import { screenPdf } from './screen.js';

/**
 * All objects of a PDF, parsed. Throws a `Fault`: `password_required` for an encrypted file, `corrupt_pdf` for one that
 * cannot be read; `upload_too_large` and `too_many_pixels` for one that would burst.
 */
export async function loadObjects(bytes: Uint8Array): Promise<PDFContext> {
  screenPdf(bytes);
  const context = await parse(bytes);
  if (context.trailerInfo.Encrypt) throw passwordRequired();
  checkStreams(context);
  return context;
}

/** The catalog (ISO 32000-2, 7.7.2): what the trailer names, or else the last dictionary of that type in the file. */
export function findCatalog(context: PDFContext): PDFDict {
  const root = context.trailerInfo.Root;
  const named = root instanceof PDFRef ? context.lookup(root) : root;
  if (named instanceof PDFDict && named.has(PDFName.of('Pages'))) return named;
  const catalogs = context
    .enumerateIndirectObjects()
    .map(([, object]) => object)
    .filter((object) => object instanceof PDFDict && object.get(PDFName.of('Type')) === PDFName.of('Catalog'));
  const last = catalogs.at(-1);
  if (last instanceof PDFDict) return last;
  throw new Fault('corrupt_pdf', 'cannot be read: it has no document catalog');
}

async function parse(bytes: Uint8Array): Promise<PDFContext> {
  try {
    return await PDFParser.forBytesWithOptions(bytes, Infinity, false, false).parseDocument();
  } catch (thrown) {
    // An encrypted file's object streams look like damage to a parser that cannot decrypt them.
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('/Encrypt'))
      throw passwordRequired(thrown);
    throw new Fault('corrupt_pdf', 'cannot be read as a PDF: it is damaged', thrown);
  }
}

function passwordRequired(cause?: unknown): Fault {
  return new Fault('password_required', 'is encrypted and needs a password', cause);
}
