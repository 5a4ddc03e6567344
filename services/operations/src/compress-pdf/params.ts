import { z } from 'zod';
import { byteSize, flag, oneOf, optionalInteger, outputPassword, secretText } from '../params.js';
import { LEVELS, checkCombination, withLevel } from './levels.js';
import type { WithLevel } from './levels.js';

export const compressParams = z
  .object({
    dpi: optionalInteger({
      min: 36,
      max: 1200,
      default: 144,
      description: 'Resolution that images are reduced to, in pixels per inch. Takes precedence over the level',
    }),
    image_quality: optionalInteger({
      min: 1,
      max: 100,
      default: 75,
      description: 'JPEG quality of re-encoded images. Takes precedence over the level',
    }),
    color_mode: oneOf(['no-change', 'grayscale', 'bitonal'], {
      default: 'no-change',
      description:
        'Colours of images, text, vector graphics and shadings. The report lists everything that keeps its colours',
    }),
    level: oneOf(LEVELS, {
      default: 'ebook',
      description:
        'Preset of dpi and image_quality: screen 96 and 60, ebook 144 and 75, print 300 and 85. lossless keeps every sample of every image. max is ebook with all encodings tried and with zopfli, which takes longer',
    }),
    bilevel: oneOf(['jbig2', 'ccitt'], {
      default: 'jbig2',
      description: 'Encoding of black and white images. ccitt is for archives that forbid JBIG2',
    }),
    target_size: byteSize({
      min: 1_000,
      max: 1_000_000_000_000,
      description:
        'Size that the result should not exceed, in bytes or as in "2 MB". Resolution and quality are lowered until it fits. The report says whether it does. Of several files, each has this target',
    }),
    min_dpi: optionalInteger({
      min: 36,
      max: 1200,
      default: 60,
      description: 'Lowest resolution that target_size may lead to',
    }),
    min_quality: optionalInteger({
      min: 1,
      max: 100,
      default: 30,
      description: 'Lowest JPEG quality that target_size may lead to',
    }),
    strip_metadata: flag({
      default: false,
      description:
        'Remove document metadata, thumbnails, private data of applications and colour profiles. Colours may change slightly',
    }),
    on_signed: oneOf(['keep', 'compress'], {
      default: 'keep',
      description:
        'What to do with a signed file. keep returns it unchanged; compress removes the signatures, which a changed file would invalidate',
    }),
    linearize: flag({
      default: false,
      description:
        'Arrange the result so that a viewer shows the first page before the file is complete (fast web view). The result may be larger than the file',
    }),
    dry_run: flag({
      default: false,
      description: 'Only report what compression would save, and return the file unchanged',
    }),
    password: secretText({
      description: 'Password of an encrypted file. The result is encrypted only if output_password is given',
    }),
    output_password: outputPassword(),
  })
  .check(({ value, issues }) => {
    for (const { param, message } of checkCombination(value))
      issues.push({ code: 'custom', input: value, path: [param], message });
  })
  // Job records and idempotency keys contain the values that are in force.
  .overwrite((value) => (value.level === 'lossless' ? value : withLevel(value)));

/** The parameters as a client gives them. Values that the level decides are missing with `lossless`. */
export type CompressRequest = z.output<typeof compressParams>;

/** The parameters with the values of the level. */
export type CompressParams = WithLevel<CompressRequest>;
export type ColorMode = CompressParams['color_mode'];
