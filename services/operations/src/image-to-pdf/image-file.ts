import type { Rotation } from '../images/pages/layout.js';
import type { NumberedFile } from '../input-error.js';

/** A file with the rotation of its images. */
export interface ImageFile extends NumberedFile {
  readonly rotation: Rotation;
}
