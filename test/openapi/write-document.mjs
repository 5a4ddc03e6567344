// Usage: node test/openapi/write-document.mjs FILE
// Writes the OpenAPI document of this build, as a server at https://pdf.example.org sends it.
import { writeFile } from 'node:fs/promises';
import { openApiDocument } from '@pdf-tools/api/docs/openapi';
import { callOptions } from '@pdf-tools/api/jobs/params';
import { OPERATIONS } from '@pdf-tools/operations/registry';

const document = openApiDocument(OPERATIONS, {
  version: '1.0.0',
  options: callOptions(3_600),
  maxUploadBytes: 52_428_800,
});
const served = { ...document, servers: [{ url: 'https://pdf.example.org' }] };
await writeFile(process.argv[2], JSON.stringify(served, null, 1));
