import { FORMATS } from './formats.js';

/** Bytes at the start and at the end of a file that `isComplete` gets, or fewer if the file is shorter. */
export const EDGE_BYTES = 1024;

/** The kind of file that an operation answers with. */
export interface ResultFormat {
  /** What people call it, such as "PDF". */
  readonly label: string;
  readonly mediaType: string;
  /** The extension of its file names, without the dot. */
  readonly extension: string;
  /** Whether a file is complete, by its first and its last bytes as Latin-1 text. */
  readonly isComplete: (head: string, tail: string) => boolean;
}

/** A ZIP file starts with the header of its first entry and ends with the end of its central directory. */
export const ZIP_RESULT: ResultFormat = {
  label: 'ZIP',
  mediaType: 'application/zip',
  extension: 'zip',
  isComplete: (head, tail) => head.startsWith('PK\x03\x04') && tail.includes('PK\x05\x06'),
};

/** A PDF starts with its header and ends with its end-of-file marker, which some bytes may follow (ISO 32000-2, 7.5). */
export const PDF_RESULT: ResultFormat = {
  label: FORMATS.pdf.label,
  mediaType: FORMATS.pdf.mediaType,
  extension: FORMATS.pdf.extension,
  isComplete: (head, tail) => head.startsWith('%PDF-') && tail.includes('%%EOF'),
};
