import type { Operations } from '@pdf-tools/operations/operation';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { apiHeaders, fileContent, json, problems } from './responses.js';
import type { HeaderName } from './responses.js';
import { EXAMPLE_ID, finishedExample } from './schemas.js';

const ID = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the job',
  schema: { type: 'string', pattern: '^[0-9a-f]{40}$', examples: [EXAMPLE_ID] },
};

const ALWAYS: readonly ErrorCode[] = [
  'bad_request',
  'unauthorized',
  'request_timeout',
  'rate_limited',
  'internal_error',
  'bad_gateway',
  'shutting_down',
  'redis_unavailable',
  'storage_unavailable',
];
const JOB_ERRORS: readonly ErrorCode[] = [...ALWAYS, 'job_not_found', 'expired'];

const FILE_HEADERS: readonly HeaderName[] = [
  'X-Job-Id',
  'ETag',
  'Content-Disposition',
  'Accept-Ranges',
  'X-Result',
  'X-Original-Size',
  'X-Result-Size',
];

/** Codes that a request for a result can get. A failed job responds with its own problem. */
function resultErrors(operations: Operations): ErrorCode[] {
  const ofFiles = Object.values(operations).flatMap(({ fileErrors }) => fileErrors);
  return [
    ...new Set<ErrorCode>([
      ...JOB_ERRORS,
      'job_unfinished',
      'job_cancelled',
      'range_not_satisfiable',
      'invalid_params',
      'unsupported_format',
      'upload_too_large',
      'worker_crashed',
      'storage_corrupted',
      'out_of_memory',
      'time_limit',
      'disk_full',
      ...ofFiles,
    ]),
  ];
}

/** Describes the resources of a job. */
export function jobPaths(operations: Operations) {
  const examples = Object.entries(operations).map(([name, operation]) => finishedExample(name, operation));
  const files = fileContent(Object.values(operations));
  return {
    '/api/jobs/{id}': {
      parameters: [ID],
      get: {
        operationId: 'get-job',
        tags: ['jobs'],
        summary: 'Get the current state of a job',
        description: 'Responds at once. Retry-After is sent until the job has ended.',
        responses: {
          200: {
            description: 'The job',
            headers: apiHeaders('X-Job-Id', 'Retry-After'),
            content: json('Job', examples.at(-1)),
          },
          ...problems(JOB_ERRORS),
        },
      },
      delete: {
        operationId: 'delete-job',
        tags: ['jobs'],
        summary: 'Cancel an unfinished job or delete a finished one',
        description:
          'The files of the job are deleted now. A cancelled job can be read until expires_at. A second request deletes it.',
        responses: {
          204: { description: 'Done, or there is no such job', headers: apiHeaders() },
          ...problems(ALWAYS),
        },
      },
    },
    '/api/jobs/{id}/result': {
      parameters: [ID],
      get: {
        operationId: 'get-result',
        tags: ['jobs'],
        summary: 'Download the result of a job',
        description: 'A failed job responds with its own problem.',
        parameters: [
          requestHeader('Range', 'One range of bytes (RFC 9110). Several ranges get the whole file', 'bytes=0-1023'),
          requestHeader('If-None-Match', 'ETag of the bytes that the client has', '"9f86d081884c7d65"'),
          requestHeader('If-Range', 'ETag that the Range applies to', '"9f86d081884c7d65"'),
        ],
        responses: {
          200: { description: 'The file', headers: apiHeaders(...FILE_HEADERS), content: files },
          206: {
            description: 'A range of the file',
            headers: apiHeaders(...FILE_HEADERS, 'Content-Range'),
            content: files,
          },
          304: { description: 'Not modified', headers: apiHeaders('ETag') },
          ...problems(resultErrors(operations), { ofJob: true }),
        },
      },
    },
    '/api/jobs/{id}/events': {
      parameters: [ID],
      get: {
        operationId: 'get-events',
        tags: ['jobs'],
        summary: 'Follow a job with server-sent events',
        description:
          'Sends the job at once and after each change, until it ends. The id of an event is the version of the job. ' +
          'The event "job" has the job as JSON. The event "gone" says that the job was deleted. ' +
          'The field "retry" has the milliseconds to wait before a new connection.',
        parameters: [
          requestHeader(
            'Last-Event-ID',
            'Last version that the client received. It gets the current one at once only if that is newer',
            '3',
          ),
        ],
        responses: {
          200: {
            description: 'Events',
            headers: apiHeaders(),
            content: {
              'text/event-stream': {
                schema: { type: 'string' },
                example: `retry: 2000\n\nid: 3\nevent: job\ndata: ${JSON.stringify(examples.at(-1))}\n\n`,
              },
            },
          },
          204: { description: 'The client has received the end of the job', headers: apiHeaders() },
          ...problems([...JOB_ERRORS, 'overloaded']),
        },
      },
    },
  };
}

function requestHeader(name: string, description: string, example: string) {
  return { name, in: 'header', description, schema: { type: 'string', examples: [example] } };
}
