import { nameOf } from '@pdf-tools/harness/documents/image-table/table';
import type { TableCase } from '@pdf-tools/harness/documents/image-table/table';
import { RENDERERS, renderPages } from './frames.js';
import type { Frame, Renderer } from './frames.js';
import { qpdfCheck } from './readers.js';
import { pageFault } from './render-fault.js';

/** What a report says about an image. */
export interface ImageEntry {
  readonly page: number;
  readonly action: string;
  readonly reason?: string;
  readonly encoding?: string;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

/** A document of the table, and its result. */
export interface TableResult {
  readonly cases: readonly TableCase[];
  readonly input: string;
  readonly output: string;
  readonly images: readonly ImageEntry[];
  /** Whether every pixel must be equal. Each pixel of the image is one of the render then. */
  readonly isExact: boolean;
}

const DPI = 72;
/** Readers round colours of a palette and those of samples in different ways. */
const MAX_ROUNDING = 2;

/** Returns what is wrong with a result, by the name of the case. */
export async function tableFaults(result: TableResult): Promise<string[]> {
  const { status, text } = await qpdfCheck(result.output);
  const faults = status === 0 ? [] : [`qpdf: ${text.split('\n')[1] ?? ''}`];
  faults.push(...reportFaults(result));
  for (const renderer of RENDERERS) faults.push(...(await renderFaults(result, renderer)));
  return faults;
}

/** Each image is smaller or has a reason. */
function reportFaults({ cases, images }: TableResult): string[] {
  return cases.flatMap((each, index) => {
    const { placement } = each;
    const entries = images.filter(({ page }) => page === index + 1);
    const faults = entries.flatMap(({ action, reason = '', bytes_before, bytes_after }) => {
      if (action === 'kept') return reason === '' ? ['is kept without a reason'] : [];
      return bytes_after < bytes_before ? [] : [`grew from ${bytes_before} to ${bytes_after} bytes`];
    });
    if (entries.length === 0 && placement !== 'inline') faults.push('is not in the report');
    return faults.map((fault) => `${nameOf(each)}: ${fault}`);
  });
}

async function renderFaults({ cases, input, output, isExact }: TableResult, renderer: Renderer): Promise<string[]> {
  const plan = { renderer, pages: Infinity, dpi: DPI };
  const before: Frame[] = [];
  await renderPages(input, plan, (frame) => Promise.resolve(before.push(frame) > 0));
  const faults: string[] = [];
  const { count } = await renderPages(output, plan, async (after, index) => {
    const [each, frame] = [cases[index], before[index]];
    if (!each || !frame) return false;
    if (isMistaken(renderer, each)) return true;
    const page = { input, page: index + 1, dpi: DPI };
    // poppler smooths images of one pixel to a point.
    const isEqual = isExact && renderer === 'mutool';
    const why = isEqual ? exactFault(frame, after) : await pageFault(page, frame, after);
    if (why !== undefined) faults.push(`${nameOf(each)}: ${renderer}: ${why}`);
    return true;
  });
  if (count !== cases.length || before.length !== cases.length)
    faults.push(`${renderer}: ${count} pages after, ${before.length} before, of ${cases.length}`);
  return faults;
}

/** Whether a reader shows the input itself in wrong colours. Ghostscript shows all of these as they are meant. */
function isMistaken(renderer: Renderer, { space, filter, bits }: TableCase): boolean {
  if (renderer === 'mutool') return space.name.endsWith('Lab');
  const isProfiled = space.name.startsWith('ICC') && space.components > 1;
  return (isProfiled && bits !== 8) || (filter.name.endsWith('TIFF') && bits === 16);
}

function exactFault(before: Frame, after: Frame): string | undefined {
  if (before.data.equals(after.data)) return undefined;
  const worst = before.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (after.data[at] ?? 0))), 0);
  return worst <= MAX_ROUNDING ? undefined : `differs by ${worst} of 255`;
}
