/** Most bytes that one stream may decode to, and all streams of a document that are decoded together. */
export const MAX_STREAM_BYTES = 64 * 1024 * 1024;
export const MAX_DOCUMENT_STREAM_BYTES = 256 * 1024 * 1024;

/** Deepest nesting of arrays and dictionaries within one object, and of nodes in a tree. */
export const MAX_NESTING = 500;

/** Most filters of one stream: honest writers use one or two. */
export const MAX_FILTERS = 10;

/** Highest object number that is believed (ISO 32000-2, annex C). */
export const MAX_OBJECT_NUMBER = 8_388_607;

/** Most pages of one document, read or written. */
export const MAX_PAGES = 10_000;

/** Most objects of one document, and most nodes of one tree that is walked. */
export const MAX_OBJECTS = 2_000_000;
export const MAX_TREE_NODES = 500_000;

/** Longest object that is not a stream, in bytes. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** Longest side of a page in units of 1/72 inch: 350 metres. */
export const MAX_PAGE_POINTS = 1_000_000;

/** Most pixels of an image in a document that is carried over as it is; a sheet of A0 at 600 dpi has 560 million. */
export const MAX_CARRIED_PIXELS = 1_000_000_000;

/** Most objects, and most bytes of them, that are written anew for pages which a merge takes more than once. */
export const MAX_REPEATED_OBJECTS = 1_000_000;
export const MAX_REPEATED_BYTES = 512 * 1024 * 1024;

/** Most names of one kind in a merged document: destinations, form fields, attachments. */
export const MAX_NAMES = 500_000;
