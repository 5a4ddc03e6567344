import type { PdfDict } from '../syntax/objects.js';
import { undoPng } from './png-predictor.js';
import { integerParm, invalidEntry, readRows } from './rows.js';
import { undoTiff } from './tiff-predictor.js';

const NO_PREDICTOR = 1;
const TIFF_PREDICTOR = 2;
const FIRST_PNG_PREDICTOR = 10;
const LAST_PNG_PREDICTOR = 15;

/**
 * Undoes the predictor in the parameters of LZWDecode or FlateDecode (7.4.4.4). Overwrites `data`. The last row may be
 * truncated. Throws `corrupt_pdf` for invalid parameters.
 */
export function undoPredictor(data: Buffer, parms: PdfDict | undefined): Buffer {
  if (!parms) return data;
  const predictor = integerParm(parms, 'Predictor', NO_PREDICTOR, { least: 0, most: LAST_PNG_PREDICTOR });
  if (predictor <= NO_PREDICTOR) return data;
  if (predictor === TIFF_PREDICTOR) return undoTiff(data, readRows(parms));
  if (predictor < FIRST_PNG_PREDICTOR) throw invalidEntry('Predictor');
  return undoPng(data, readRows(parms));
}
