import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { apiHeaders, headers, problems } from './responses.js';

/** Codes of every request that is malformed or too slow. */
const ALWAYS: readonly ErrorCode[] = ['bad_request', 'request_timeout'];
const PUBLIC = { security: [{}] };

/** Paths that describe the server. */
export const STATUS_PATHS = {
  '/health': probe('health', 'Get whether Redis and the disk are usable', { schema: 'Health', unusable: true }),
  '/livez': probe('livez', 'Get whether the process runs', { schema: 'Live' }),
  '/readyz': probe('readyz', 'Get whether Redis, the disk and a worker are usable', {
    schema: 'Readiness',
    unusable: true,
  }),
  '/version': {
    get: {
      operationId: 'version',
      tags: ['status'],
      summary: 'Get the version and the sandbox',
      description: 'Version, source revision, Node.js version, and the sandbox of the workers.',
      ...PUBLIC,
      responses: {
        200: { description: 'The version', headers: headers(), content: content('Version') },
        ...problems([...ALWAYS, 'rate_limited'], { rateLimited: false }),
      },
    },
  },
  '/api/limits': {
    get: {
      operationId: 'limits',
      tags: ['status'],
      summary: 'Get the limits in force',
      description: 'Formats, sizes and rates, and the files that each operation takes.',
      responses: {
        200: { description: 'The limits', headers: apiHeaders(), content: content('Limits') },
        ...problems([...ALWAYS, 'unauthorized', 'rate_limited']),
      },
    },
  },
};

interface Probe {
  readonly schema: string;
  readonly unusable?: boolean;
}

function probe(operationId: string, summary: string, { schema, unusable = false }: Probe) {
  const ok = { description: 'Usable', headers: headers(), content: content(schema) };
  return {
    get: {
      operationId,
      tags: ['status'],
      summary,
      description: 'For health checks. The rate is not limited.',
      ...PUBLIC,
      responses: {
        200: ok,
        ...problems(ALWAYS, { rateLimited: false }),
        ...(unusable && { 503: { ...ok, description: 'Not usable' } }),
      },
    },
  };
}

function content(schema: string) {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}
