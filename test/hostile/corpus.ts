import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A hostile file and the expected outcome of every operation that accepts its format. */
export interface Attack {
  readonly file: string;
  readonly contentType: string;
  readonly endpoint: 'pdf' | 'images';
  readonly expected: string;
  readonly why: string;
  /** Affects only programs that render the pages. */
  readonly render?: boolean | undefined;
  readonly bytes: Buffer;
}

export interface HttpCase {
  readonly name: string;
  readonly expected: string;
}

/** Folder of the shared attacks, built by scripts/test-hostile.sh; empty if they do not exist. */
export const CORPUS = process.env.HOSTILE_CORPUS ?? '';

const index = z.object({
  files: z.array(
    z.object({
      file: z.string(),
      contentType: z.string(),
      endpoint: z.enum(['pdf', 'images']),
      expected: z.string(),
      why: z.string(),
      render: z.boolean().optional(),
    }),
  ),
  http: z.array(z.object({ name: z.string(), expected: z.string() })).default([]),
});

async function readIndex(): Promise<z.output<typeof index>> {
  if (CORPUS === '') return { files: [], http: [] };
  return index.parse(JSON.parse(await readFile(join(CORPUS, 'attacks.json'), 'utf8')));
}

/** Returns the shared attacks with their bytes. */
export async function sharedAttacks(): Promise<Attack[]> {
  const { files } = await readIndex();
  return Promise.all(files.map(async (each) => ({ ...each, bytes: await readFile(join(CORPUS, 'out', each.file)) })));
}

/** Returns the shared cases of raw HTTP, which `http_attacks.mjs` beside them sends. */
export async function sharedHttpCases(): Promise<HttpCase[]> {
  const { http } = await readIndex();
  return http.map(({ name, expected }) => ({ name: name.replace(/^http_/, ''), expected }));
}
