import { z } from 'zod';
import { flag, integer, oneOf, outputPassword, secretText } from '../params.js';

export const compressParams = z.object({
  dpi: integer({
    min: 36,
    max: 1200,
    default: 144,
    description: 'Resolution that images are reduced to, in pixels per inch',
  }),
  image_quality: integer({
    min: 1,
    max: 100,
    default: 75,
    description: 'JPEG quality of re-encoded images',
  }),
  color_mode: oneOf(['no-change', 'grayscale', 'bitonal'], {
    default: 'no-change',
    description:
      'Colours of images, text, vector graphics and shadings. The report lists everything that keeps its colours',
  }),
  on_signed: oneOf(['keep', 'compress'], {
    default: 'keep',
    description:
      'What to do with a signed file. keep returns it unchanged; compress removes the signatures, which a changed file would invalidate',
  }),
  dry_run: flag({
    default: false,
    description: 'Only report what compression would save, and return the file unchanged',
  }),
  password: secretText({
    description: 'Password of an encrypted file. The result is encrypted only if output_password is given',
  }),
  output_password: outputPassword(),
});

export type CompressParams = z.output<typeof compressParams>;
export type ColorMode = CompressParams['color_mode'];
