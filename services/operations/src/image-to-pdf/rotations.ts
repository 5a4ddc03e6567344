import { AppError } from '@pdf-tools/runtime/errors';
import { ROTATIONS } from '../images/pages/layout.js';
import type { Rotation } from '../images/pages/layout.js';

/** Returns rotations separated by commas. -90 becomes 270. Undefined if one is invalid. */
export function normalizeRotations(text: string): string | undefined {
  const rotations = text.split(/ *[, ] */).map((entry) => parseRotation(entry === '-90' ? '270' : entry));
  return rotations.includes(undefined) ? undefined : rotations.join(',');
}

/** Returns the rotation of each file. Throws `invalid_params` if a list has not as many entries as there are files. */
export function readRotations(rotate: string, files: number): Rotation[] {
  const rotations = rotate.split(',').map((entry) => parseRotation(entry) ?? 0);
  if (rotations.length === 1) return Array.from({ length: files }, () => rotations[0] ?? 0);
  if (rotations.length === files) return rotations;
  const message = `has ${rotations.length} entries for ${files} ${files === 1 ? 'file' : 'files'}. Give one entry for all files, or one for each`;
  throw new AppError('invalid_params', `"rotate" ${message}.`, { errors: [{ param: 'rotate', message }] });
}

function parseRotation(text: string): Rotation | undefined {
  return ROTATIONS.find((rotation) => String(rotation) === text);
}
