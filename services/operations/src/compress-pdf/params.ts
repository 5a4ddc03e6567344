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
    description: 'JPEG quality of images that are re-encoded',
  }),
  color_mode: oneOf(['no-change', 'grayscale', 'bitonal'], {
    default: 'no-change',
    description:
      'Colours of the result: images, text, vector graphics and shadings. The report names what keeps its colours',
  }),
  on_signed: oneOf(['keep', 'compress'], {
    default: 'keep',
    description:
      'A signed file: keep returns it unchanged, compress removes its signatures, which no longer match a changed file',
  }),
  dry_run: flag({
    default: false,
    description: 'Report what compressing would save, and return the file as it was sent',
  }),
  password: secretText({ description: 'Of an encrypted file; the result is encrypted only with output_password' }),
  output_password: outputPassword(),
});

export type CompressParams = z.output<typeof compressParams>;
export type ColorMode = CompressParams['color_mode'];
