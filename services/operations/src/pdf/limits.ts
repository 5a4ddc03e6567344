/** Most pages of one document, read or written. */
export const MAX_PAGES = 10_000;

/** Most bytes that one stream may inflate to, and all streams of a document together. */
export const MAX_STREAM_BYTES = 64 * 1024 * 1024;
export const MAX_DOCUMENT_STREAM_BYTES = 256 * 1024 * 1024;

/** Deepest nesting of arrays and dictionaries, and of nodes in a tree. */
export const MAX_NESTING = 500;
