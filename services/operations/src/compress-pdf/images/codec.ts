/** Everything that this folder uses of the shared image code. */
export { packBits } from '../../images/bits.js';
export { sharp } from '../../images/codec.js';
export { parseJpeg } from '../../images/jpeg.js';
export { MAX_PIXELS } from '../../images/limits.js';
export { wrapAsPng } from '../../images/png-wrap.js';
export { PNG_COLOR } from '../../images/png.js';
