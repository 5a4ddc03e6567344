/** Maximum decoded size of one stream, and of all streams of a document together. */
export const MAX_STREAM_BYTES = 64 * 1024 * 1024;
export const MAX_DOCUMENT_STREAM_BYTES = 256 * 1024 * 1024;

/** Maximum nesting of arrays and dictionaries in an object, and of nodes in a tree. */
export const MAX_NESTING = 500;

/** Maximum number of filters of a stream. Ordinary writers use one or two. */
export const MAX_FILTERS = 10;

/** Maximum object number that is accepted (ISO 32000-2, annex C). */
export const MAX_OBJECT_NUMBER = 8_388_607;

/** Maximum number of pages of a document, read or written. */
export const MAX_PAGES = 10_000;

/** Maximum number of objects of a document, and of nodes of a tree. */
export const MAX_OBJECTS = 2_000_000;
export const MAX_TREE_NODES = 500_000;

/** Maximum size of an object that is not a stream, in bytes. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** Maximum side of a page in units of 1/72 inch: 350 metres. */
export const MAX_PAGE_POINTS = 1_000_000;

/** Maximum pixels of an image that is copied unchanged. A sheet of A0 at 600 dpi has 560 million. */
export const MAX_CARRIED_PIXELS = 1_000_000_000;

/** Maximum number and size of the objects that are written again for pages that a merge uses repeatedly. */
export const MAX_REPEATED_OBJECTS = 1_000_000;
export const MAX_REPEATED_BYTES = 512 * 1024 * 1024;

/** Maximum number of names of one kind (destinations, form fields, attachments) in a merged document. */
export const MAX_NAMES = 500_000;
