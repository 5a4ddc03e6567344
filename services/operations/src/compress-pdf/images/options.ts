import type { CompressParams } from '../params.js';

/** The parameters that images depend on. */
export type ImageParams = Pick<CompressParams, 'dpi' | 'image_quality' | 'color_mode' | 'level' | 'bilevel'>;
