// Usage: node test/web/schema.mjs
// Writes services/web/src/app/api/schema.ts, the types of a job and a problem, from the OpenAPI document.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '@pdf-tools/api/docs/openapi';
import { callOptions } from '@pdf-tools/api/jobs/params';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const PATH = fileURLToPath(new URL('../../services/web/src/app/api/schema.ts', import.meta.url));
const MAX_RETAIN_SECONDS = 3_600;

/** Returns the path and the text of the file, which it writes unless `dryRun` is given. */
export async function writeTypes({ dryRun }) {
  const options = callOptions(MAX_RETAIN_SECONDS);
  const { openapi, info, components } = openApiDocument(OPERATIONS, { version: 'dev', options });
  const types = astToString(await openapiTS({ openapi, info, components: { schemas: components.schemas }, paths: {} }));
  const header = '/** Written by test/web/schema.mjs from the OpenAPI document. */\n\n';
  const text = await format(header + types, { ...(await resolveConfig(PATH)), filepath: PATH });
  if (!dryRun) await writeFile(PATH, text);
  return { path: PATH, text };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeTypes({ dryRun: false });
