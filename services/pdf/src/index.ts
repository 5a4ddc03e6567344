/**
 * The only entry point of the PDF engine. Other modules import nothing below it. The folders are listed from the bottom
 * up, and each imports only those listed before it. Importing this file builds a few small tables and does no other
 * work.
 */

// Errors and limits (root folder).
export { PdfError } from './errors.js';
export {
  MAX_DOCUMENT_STREAM_BYTES,
  MAX_FILTERS,
  MAX_NAMES,
  MAX_NESTING,
  MAX_OBJECT_NUMBER,
  MAX_PAGES,
  MAX_REPEATED_BYTES,
  MAX_REPEATED_OBJECTS,
  MAX_STREAM_BYTES,
  MAX_TREE_NODES,
} from './limits.js';

// Objects and their tokens (syntax).
export { NO_OBJECT, NULL_TARGET, sourceNumber } from './syntax/object-numbers.js';
export type { SourceObjectNumber, TargetObjectNumber } from './syntax/object-numbers.js';
export {
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  TargetRef,
  isInteger,
  isName,
  isOfType,
} from './syntax/objects.js';
export type { PdfArray, PdfObject } from './syntax/objects.js';
export { serialize } from './syntax/serializer.js';
export { nameText, nameToken } from './syntax/strings.js';

// Decoding of streams (filters).
export { DecodingBudget } from './filters/budget.js';
export { decode } from './filters/decode.js';
export type { Filter } from './filters/decode.js';
export { decodeStrictly, isLosslessFilter } from './filters/strict.js';

// Encoders and a decoder of bilevel images (images).
export { MAX_BILEVEL_SIDE, rowBytes } from './images/bilevel-image.js';
export type { BilevelImage } from './images/bilevel-image.js';
export { bilevelStreamEntries } from './images/bilevel-stream.js';
export type { BilevelFilter } from './images/bilevel-stream.js';
export { decodeCcitt } from './images/ccitt-decoder.js';
export type { CcittCoding, DecodedCcitt } from './images/ccitt-decoder.js';
export { encodeCcittG4 } from './images/ccitt-g4.js';
export { encodeJbig2 } from './images/jbig2.js';

// Font programs (fonts).
export { BASE_ENCODINGS } from './fonts/base-encodings.js';
export { isSameCff } from './fonts/cff-check.js';
export { readCffOutlines } from './fonts/cff-outlines.js';
export type { CffOutlines } from './fonts/cff-outlines.js';
export { subsetCff } from './fonts/cff-subset.js';
export { convertType1 } from './fonts/convert-type1.js';
export { fontWorkSpent } from './fonts/font-work.js';
export { FontError, ifUnderstood } from './fonts/font-error.js';
export { cffTableOf, isSameOpenTypeCff, subsetOpenTypeCff } from './fonts/opentype-subset.js';
export { readSfntTables, writeSfnt } from './fonts/sfnt.js';
export type { SimpleCode } from './fonts/simple-codes.js';
export { selectNamedGlyphs } from './fonts/simple-names.js';
export { selectSimpleGlyphs } from './fonts/simple-truetype.js';
export { trimToUnicode } from './fonts/to-unicode.js';
export { isSameTrueType } from './fonts/truetype-check.js';
export { joinTrueType } from './fonts/truetype-join.js';
export type { ShownTrueType } from './fonts/truetype-join.js';
export { subsetTrueType } from './fonts/truetype-subset.js';
export type { TrueTypeSelection } from './fonts/truetype-subset.js';
export { readType1Font } from './fonts/type1-font.js';
export type { Type1Font } from './fonts/type1-font.js';
export { joinType1Fonts } from './fonts/type1-join.js';
export { readType1Outlines } from './fonts/type1-outlines.js';

// The standard security handler (encryption).
export { createEncryption } from './encryption/create.js';
export type { Encryptor } from './encryption/create.js';
export { MAX_PASSWORD_BYTES, normalizedUtf8 } from './encryption/password.js';

// Objects of a file by their numbers (file).
export { MemorySource, openSource } from './file/byte-source.js';
export { DamagedPdf } from './file/damaged.js';
export { PdfFile } from './file/pdf-file.js';

// Page tree, name trees, forms and metadata (document).
export { UNENCRYPTED, infoWithoutClaims, pdfaPartOf, readClaims } from './document/conformance.js';
export type { ConformanceClaim, PdfaPart, Standard } from './document/conformance.js';
export { annotationsOf, readFields } from './document/field-tree.js';
export type { FieldNode } from './document/field-tree.js';
export { readNameTree, readNumberTree } from './document/name-tree.js';
export { checkPageSides } from './document/page-size.js';
export { pageDict, readPageTree } from './document/page-tree.js';
export type { PageEntry, PageTree } from './document/page-tree.js';
export { findSignatures } from './document/signatures.js';
export type { Signatures } from './document/signatures.js';
export { textOf, textString } from './document/text-string.js';

// Content streams (content).
export { GrayConversion } from './content/gray/gray-conversion.js';
export { readGraySpace } from './content/gray/read-gray-space.js';
export type { FontUse } from './content/font-use.js';
export { collectFontUses } from './content/font-uses.js';
export type { FontUses } from './content/font-uses.js';
export { collectImageUses } from './content/image-uses.js';
export type { ContentUse } from './content/content-use.js';
export type { ImageUse, ImageUses } from './content/image-uses.js';
export { minimizeContent } from './content/minimal/minimize-content.js';
export type { Placement } from './content/minimal/state-stack.js';
export type { Category } from './content/resources.js';
export { UsedNames } from './content/minimal/used-names.js';

// Writing a document from its objects (writing).
export { MemorySink } from './writing/byte-sink.js';
export { ImageWriter } from './writing/image-writer.js';
export type { CcittParams, ColorSpace, PdfImage } from './writing/image-writer.js';
export { ObjectDeduplicator } from './writing/object-deduplicator.js';
export { writeNameTree, writeNumberTree } from './writing/name-tree-writer.js';
export { PageTreeWriter } from './writing/page-tree-writer.js';
export { PdfWriter } from './writing/pdf-writer.js';
export type { WriterOptions } from './writing/pdf-writer.js';

// Copying objects of a file into a document (copying).
export { Copier } from './copying/copier.js';
export type { Rewriter } from './copying/copier.js';
export { dropClaims } from './copying/drop-claims.js';
export { FILE_ENTRIES, findReachable } from './copying/reachable.js';
export type { Reachable } from './copying/reachable.js';
export { dictionariesOf, referencesOf } from './copying/references.js';
export { rewriteDocument } from './copying/rewrite-document.js';
export { SharedObjects } from './copying/shared-objects.js';
export { checkDeclared } from './copying/stream-check.js';
export { setFilters } from './copying/stream-copy.js';
export { KeyCounter, SameKeys, StructParentKeys } from './copying/struct-parent-keys.js';

// Linearized files (linearization).
export { linearize } from './linearization/linearize.js';
