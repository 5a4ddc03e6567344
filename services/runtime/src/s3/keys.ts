/** First parts of the keys of all objects of jobs. */
export const AREAS = ['uploads', 'temp'] as const;
/** The key for hashes of secrets, which is no file of a job. */
export const HASH_KEY = 'hash-key';

export function uploadPrefix(id: string): string {
  return `uploads/${id}/`;
}

export function inputKey(id: string, position: number): string {
  return `${uploadPrefix(id)}${position}`;
}

export function secretKey(id: string): string {
  return `${uploadPrefix(id)}secret.json`;
}

/** Prefix of the runs of a job. */
export function runsPrefix(id: string): string {
  return `temp/${id}/`;
}

export function resultKey(id: string, fence: number): string {
  return `${runsPrefix(id)}${fence}/out.pdf`;
}

export function reportKey(id: string, fence: number): string {
  return `${runsPrefix(id)}${fence}/report.json`;
}

/** Returns the job that an object belongs to. */
export function jobOf(key: string): string {
  return key.split('/')[1] ?? '';
}
