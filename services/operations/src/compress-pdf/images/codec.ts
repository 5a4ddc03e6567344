/** Everything that this folder uses of the shared image code. */
export { invertBytes, packBits } from '../../images/bits.js';
export { sharp } from '../../images/codec.js';
export { parseJpeg } from '../../images/jpeg/parse-jpeg.js';
export { MAX_PIXELS } from '../../images/limits.js';
export { PREDICTORS, paeth } from '../../images/png/predictors.js';
export { wrapAsPng } from '../../images/png/wrap-png.js';
export { PNG_COLOR } from '../../images/png/parse-png.js';
