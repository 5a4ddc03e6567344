import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { writeTypes } from './schema.mjs';

describe('services/web/src/app/api/schema.ts', () => {
  it('has the types of the OpenAPI document (node test/web/schema.mjs writes it)', async () => {
    const { path, text } = await writeTypes({ dryRun: true });
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
