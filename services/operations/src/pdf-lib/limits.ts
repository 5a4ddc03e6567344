/** Widest field of a cross-reference stream, in bytes. */
export const MAX_XREF_WIDTH = 8;

/** Most visits of nodes in one page tree: a shared node is visited for each place it stands at. */
export const MAX_NODE_VISITS = 100_000;
