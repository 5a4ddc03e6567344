import { cMapsUrl, decodersUrl, standardFontsUrl, workerUrl } from 'built:pdfjs';
import type * as PdfJs from 'pdfjs-dist';

let library: Promise<typeof PdfJs> | undefined;

/** Loads pdf.js when a document is shown for the first time. */
async function loadLibrary(): Promise<typeof PdfJs> {
  library ??= import('pdfjs-dist').then((module) => {
    module.GlobalWorkerOptions.workerSrc = workerUrl;
    return module;
  });
  return library;
}

/** The document asks for a password, or refuses the given one. */
export class Locked extends Error {
  constructor() {
    super('the document needs a password');
    this.name = 'Locked';
  }
}

/** A document that a component shows. It is closed when the last component releases it. */
interface Opened {
  readonly document: Promise<PdfJs.PDFDocumentProxy>;
  readonly close: () => void;
  users: number;
  timer?: ReturnType<typeof setTimeout> | undefined;
}

const opened = new Map<Blob, Map<string, Opened>>();
/** A document that is scrolled into view again should not be read again. */
const KEEP_MS = 20_000;

/** Lends a document to `use`. Throws `Locked`, or the error of pdf.js for a damaged file. */
export async function withDocument<Result>(
  file: Blob,
  password: string,
  use: (document: PdfJs.PDFDocumentProxy) => Promise<Result>,
): Promise<Result> {
  const byPassword = opened.get(file) ?? new Map<string, Opened>();
  opened.set(file, byPassword);
  const entry = byPassword.get(password) ?? open(file, password);
  byPassword.set(password, entry);
  entry.users += 1;
  clearTimeout(entry.timer);
  try {
    return await use(await entry.document);
  } finally {
    entry.users -= 1;
    if (entry.users === 0) {
      entry.timer = setTimeout(() => {
        byPassword.delete(password);
        if (byPassword.size === 0) opened.delete(file);
        entry.close();
      }, KEEP_MS);
    }
  }
}

function open(file: Blob, password: string): Opened {
  const task = Promise.all([loadLibrary(), file.arrayBuffer()]).then(([{ getDocument }, data]) =>
    getDocument({
      data,
      password,
      // The policy of the page forbids code from strings and WebAssembly.
      isEvalSupported: false,
      useWasm: false,
      wasmUrl: decodersUrl,
      standardFontDataUrl: standardFontsUrl,
      cMapUrl: cMapsUrl,
      cMapPacked: true,
      enableXfa: false,
      verbosity: 0,
    }),
  );
  const document = task
    .then(({ promise }) => promise)
    .catch((error: unknown) => {
      throw error instanceof Error && error.name === 'PasswordException' ? new Locked() : error;
    });
  const close = (): void => {
    void task.then((loading) => loading.destroy()).catch(() => undefined);
  };
  return { document, close, users: 0 };
}
