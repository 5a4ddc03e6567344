import { z } from 'zod';
import { FITS } from '../images/pages/layout.js';
import { FILE_ORDERS } from '../file-order.js';
import { flag, jsonText, notation, oneOf, outputPassword } from '../params.js';
import { normalizeColor } from './color.js';
import { PAGE_SIZE_NAMES } from './lengths.js';
import { NO_METADATA, metadataSchema } from './metadata.js';
import {
  MAX_MARGIN,
  MAX_SIDE,
  MIN_SIDE,
  ORIENTATIONS,
  marginProblem,
  normalizeMargins,
  normalizePageSize,
} from './page-layout.js';
import { normalizeRotations } from './rotations.js';

const UNITS = 'mm, cm, in, pt or px';
const [MIN_DPI, MAX_DPI] = [10, 4800];
const [AUTO, NONE] = ['auto', 'none'];

export const imageToPdfParams = z
  .object({
    page_size: notation({
      normalize: normalizePageSize,
      message: `must be auto, ${PAGE_SIZE_NAMES.join(', ')}, or width x height in ${UNITS} with sides of ${MIN_SIDE}pt to ${MAX_SIDE}pt, such as 100x150mm`,
      default: AUTO,
      description: `Size of the pages: auto (the size of each image), ${PAGE_SIZE_NAMES.join(', ')}, or width x height in ${UNITS}, such as 100x150mm. 1in is 72pt or 96px`,
    }),
    orientation: oneOf(ORIENTATIONS, {
      default: 'auto',
      description:
        'Orientation of the pages. auto turns a page of a named size to suit its image, and keeps a width x height as it is. No effect with page_size=auto',
    }),
    margin: notation({
      normalize: normalizeMargins,
      message: `must be one to four lengths in ${UNITS} of at most ${MAX_MARGIN}pt, such as 10mm`,
      default: '0',
      description: `Space around the image, in ${UNITS}: one length for all sides, or two to four in the order top, right, bottom, left, as in CSS`,
    }),
    fit: oneOf(FITS, {
      default: 'contain',
      description:
        'How the image fills the page within the margins: contain shows all of it, cover fills the area and cuts off the rest, fill distorts it, shrink is contain without enlargement. No effect with page_size=auto',
    }),
    dpi: notation({
      normalize: normalizeDpi,
      message: `must be auto or a number from ${MIN_DPI} to ${MAX_DPI}`,
      default: AUTO,
      description: `Resolution that determines the size of the image with page_size=auto or fit=shrink: auto (that of the file, or else 96) or ${MIN_DPI} to ${MAX_DPI} pixels per inch`,
    }),
    rotate: notation({
      normalize: normalizeRotations,
      message: 'must be 0, 90, 180 or 270, or a list of these with an entry for each file',
      default: '0',
      description:
        'Degrees clockwise to rotate the images by: 0, 90, 180 or 270, or a list with an entry for each file in the order sent, such as 0,90,0. The orientation that a file declares is applied first',
    }),
    background: notation({
      normalize: (text) => (text.toLowerCase() === NONE ? NONE : normalizeColor(text)),
      message: 'must be none, or a CSS colour such as #ffffff, #fff or white',
      default: NONE,
      description:
        'Colour of the page behind the image, which shows through transparent parts and in the margins: none, or a CSS colour such as #ffffff, #fff or white',
    }),
    order: oneOf(FILE_ORDERS, {
      default: 'upload',
      description: 'Order of the files: as sent, natural (by name with numbers in numeric order), or name',
    }),
    frames: oneOf(['all', 'first'], {
      default: 'all',
      description: 'Images of animations and of TIFF files with several pages that get a page',
    }),
    bilevel: oneOf(['jbig2', 'ccitt'], {
      default: 'jbig2',
      description:
        'Encoding of black and white images whose data cannot be kept. ccitt is for archives that forbid JBIG2',
    }),
    metadata: jsonText(metadataSchema, {
      default: NO_METADATA,
      description: 'JSON object with "title" and "author" of the document. Both are optional',
    }),
    combine: flag({
      default: true,
      description:
        'Make one PDF of all files. false makes a PDF of each file and returns a ZIP of them with a manifest',
    }),
    output_password: outputPassword(),
  })
  .check(({ value, issues }) => {
    const message = marginProblem(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, path: ['margin'], message });
  });

export type ImageToPdfParams = z.output<typeof imageToPdfParams>;

function normalizeDpi(text: string): string | undefined {
  if (text.toLowerCase() === AUTO) return AUTO;
  const dpi = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  return dpi >= MIN_DPI && dpi <= MAX_DPI ? String(dpi) : undefined;
}
