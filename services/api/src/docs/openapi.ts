import type { Operations } from '@pdf-tools/operations/operation';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { RequestHandler } from 'express';
import { cacheByOrigin, originOf } from '../http/origin.js';
import { jobPaths } from './job-paths.js';
import { operationPath } from './operation-path.js';
import type { PathOptions } from './operation-path.js';
import { HEADERS, problemExamples } from './responses.js';
import { sharedSchemas } from './schemas.js';
import { STATUS_PATHS } from './status-paths.js';
import { WEBHOOKS } from './webhooks.js';

interface DocumentOptions extends PathOptions {
  readonly version: string;
}

/** Serves the description, whose server is the origin of the request. */
export function openApiRoute(
  operations: Operations,
  { maxAgeSeconds, ...options }: DocumentOptions & { readonly maxAgeSeconds: number },
): RequestHandler {
  const document = openApiDocument(operations, options);
  return (req, res) => {
    cacheByOrigin(res, maxAgeSeconds);
    res.json({ ...document, servers: [{ url: originOf(req) ?? '/' }] });
  };
}

/** Returns the OpenAPI 3.1 description of the API, derived from the operation registry. */
export function openApiDocument(operations: Operations, { version, ...options }: DocumentOptions) {
  const posts = Object.entries(operations).map(
    ([name, operation]) => [`/api/${name}`, { post: operationPath(name, operation, options) }] as const,
  );
  const paths = { ...Object.fromEntries(posts), ...jobPaths(operations), ...STATUS_PATHS };
  return {
    openapi: '3.1.0',
    info: {
      title: 'PDF Tools',
      version,
      description:
        'Converts images to PDF, merges PDFs and compresses PDFs, in the request or as background jobs. ' +
        'The page at /docs has examples.',
      contact: { name: 'The operator of this server' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{}, { bearer: [] }, { apiKey: [] }],
    tags: TAGS,
    paths,
    webhooks: WEBHOOKS,
    components: {
      schemas: sharedSchemas(operations),
      headers: HEADERS,
      examples: problemExamples(codesIn(paths)),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key, if the server has keys' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key, if the server has keys' },
      },
    },
  };
}

const TAGS = [
  { name: 'operations', description: 'Make a PDF of files' },
  { name: 'jobs', description: 'Follow, download and delete jobs' },
  { name: 'status', description: 'State and limits of the server' },
  { name: 'webhooks', description: 'Requests that this server sends' },
];

/** The codes that a path refers to. */
function codesIn(paths: unknown): ErrorCode[] {
  const text = JSON.stringify(paths);
  return (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => text.includes(`#/components/examples/${code}"`));
}
