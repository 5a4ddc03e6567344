/** pdf.js ships its image decoders without types. */
declare module 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs' {
  interface Chunk {
    readonly data: Uint8Array;
    readonly start: number;
    readonly end: number;
  }

  export class Jbig2Image {
    /** Returns packed rows, 1 for black. */
    parseChunks(chunks: readonly Chunk[]): Uint8Array;
  }

  export const VerbosityLevel: { readonly ERRORS: number };
  export function setVerbosityLevel(level: number): void;
}
