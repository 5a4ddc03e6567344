/** The operations, as `build.mjs` reads them from the registry. */
declare module 'built:operations' {
  /** An `OperationInfo` by the name of each operation. */
  export const operations: unknown;
}

/** Addresses of the files of pdf.js that `build.mjs` copies. Folders end with a slash. */
declare module 'built:pdfjs' {
  export const workerUrl: string;
  export const standardFontsUrl: string;
  export const cMapsUrl: string;
  export const decodersUrl: string;
}

declare module '*.css' {}
