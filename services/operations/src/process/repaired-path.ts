import { join } from 'node:path';

/** Path of the repaired copy of an input, by the input's position: parent and child know it without telling each other. */
export function repairedPath(workDir: string, input: number): string {
  return join(workDir, `repaired-${input}.pdf`);
}
