/** pdf.js ships its image decoders without types. */
declare module 'pdfjs-dist/legacy/image_decoders/pdf.image_decoders.mjs' {
  interface Options {
    readonly useWasm: boolean;
    readonly useWorkerFetch: boolean;
    readonly wasmUrl: string;
    readonly handler: { sendWithPromise(): Promise<Uint8Array> };
  }

  export const JpxImage: {
    setOptions(options: Options): void;
    decode(
      bytes: Uint8Array,
      options: { readonly numComponents: number; readonly smaskInData: boolean },
    ): Promise<Uint8Array>;
    cleanup(): void;
  };

  export const VerbosityLevel: { readonly ERRORS: number };
  export function setVerbosityLevel(level: number): void;
}
