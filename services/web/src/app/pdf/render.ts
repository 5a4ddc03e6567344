import type { PDFDocumentProxy } from 'pdfjs-dist';
import { withDocument } from './library.js';
import { TaskQueue } from './queue.js';

/** Canvases of more pixels fail in some browsers. */
const MAX_PIXELS = 16_000_000;

const queue = new TaskQueue(2);

export interface PageSize {
  /** Points. */
  readonly width: number;
  readonly height: number;
}

/** Draws a page, from 1, on a canvas of its own. `scale` is in pixels per point. */
export async function drawPage(document: PDFDocumentProxy, page: number, scale: number): Promise<HTMLCanvasElement> {
  const proxy = await document.getPage(page);
  const full = proxy.getViewport({ scale });
  const reduce = Math.min(1, Math.sqrt(MAX_PIXELS / (full.width * full.height)));
  const viewport = proxy.getViewport({ scale: scale * reduce });
  const canvas = window.document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(viewport.width));
  canvas.height = Math.max(1, Math.round(viewport.height));
  await proxy.render({ canvas, viewport, background: '#ffffff' }).promise;
  proxy.cleanup();
  return canvas;
}

/** Returns the size of a page, from 1. */
export async function pageSize(document: PDFDocumentProxy, page: number): Promise<PageSize> {
  const { width, height } = (await document.getPage(page)).getViewport({ scale: 1 });
  return { width, height };
}

export interface Thumbnail {
  readonly url: string;
  /** Pages of the document, 1 for an image. */
  readonly pages: number;
}

const thumbnails = new WeakMap<Blob, Map<string, Promise<Thumbnail>>>();

interface ThumbnailRequest {
  readonly file: File;
  readonly page: number;
  readonly password: string;
  /** Longer side in CSS pixels. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/** Returns an object URL of a small rendering of a page or an image. It stays valid as long as the page is open. */
export async function thumbnail(request: ThumbnailRequest): Promise<Thumbnail> {
  for (;;) {
    try {
      return await sharedThumbnail(request);
    } catch (error) {
      request.signal.throwIfAborted();
      // Another component that asked for the same thumbnail has left, and its request with it.
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    }
  }
}

function sharedThumbnail(request: ThumbnailRequest): Promise<Thumbnail> {
  const { file, page, size, password } = request;
  const ofFile = thumbnails.get(file) ?? new Map<string, Promise<Thumbnail>>();
  thumbnails.set(file, ofFile);
  const name = JSON.stringify([page, size, password]);
  const known = ofFile.get(name);
  if (known) return known;
  const made = queue.add(request.signal, () => (isPdf(file) ? pdfThumbnail(request) : imageThumbnail(request)));
  ofFile.set(name, made);
  made.catch(() => ofFile.delete(name));
  return made;
}

/** Whether a file looks like a PDF. */
export function isPdf(file: File): boolean {
  return file.type === 'application/pdf' || /\.pdf$/i.test(file.name);
}

function pdfThumbnail({ file, page, password, size }: ThumbnailRequest): Promise<Thumbnail> {
  return withDocument(file, password, async (document) => {
    const { width, height } = await pageSize(document, page);
    const canvas = await drawPage(document, page, (size * devicePixelRatio) / Math.max(width, height));
    return { url: await toUrl(canvas), pages: document.numPages };
  });
}

async function imageThumbnail({ file, size }: ThumbnailRequest): Promise<Thumbnail> {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, (size * devicePixelRatio) / Math.max(image.width, image.height));
  const canvas = window.document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  if (context) {
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  image.close();
  return { url: await toUrl(canvas), pages: 1 };
}

async function toUrl(canvas: HTMLCanvasElement): Promise<string> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve);
  });
  canvas.width = 0;
  if (!blob) throw new Error('the canvas is empty');
  return URL.createObjectURL(blob);
}
