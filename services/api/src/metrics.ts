import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { deletionsOf, Metrics, startAtZero } from '@pdf-tools/runtime/metrics';
import type { ApiConfig } from './config.js';

/** Codes that refuse a request because of the state of the service or the client's rate. */
const REFUSALS = [
  'queue_full',
  'disk_full',
  'redis_unavailable',
  'storage_unavailable',
  'rate_limited',
  'overloaded',
  'shutting_down',
];

/** Creates every metric of the api except those of the process. Probes are not counted. */
export function createApiMetrics(config: Pick<ApiConfig, 'BUILD_VERSION' | 'BUILD_REVISION' | 'QUEUE_MAX_JOBS'>) {
  const metrics = new Metrics({ version: config.BUILD_VERSION, revision: config.BUILD_REVISION });
  const refusals = metrics.counter('pdf_tools_admission_refusals_total', {
    help: 'Requests that were refused because of the state of the service or their rate.',
    labels: ['code'],
  });
  startAtZero(refusals, 'code', REFUSALS);
  const deletions = deletionsOf(metrics, [
    'deleted by client',
    'read once',
    'client went away',
    'cancelled by operator',
  ]);
  metrics
    .gauge('pdf_tools_queue_limit_jobs', { help: 'Unfinished jobs above which new ones are refused.' })
    .set(config.QUEUE_MAX_JOBS);
  return {
    all: metrics,
    refusals,
    deletions,
    requests: metrics.counter('pdf_tools_http_requests_total', {
      help: 'Requests by route pattern and status. The status is "broken" if the client closed the connection before the end.',
      labels: ['method', 'route', 'status'],
    }),
    duration: metrics.seconds('pdf_tools_http_request_duration_seconds', {
      help: 'Time from the headers of a request to the end of its response, including the job if the request waits for it.',
      labels: ['route'],
    }),
    inFlight: metrics.gauge('pdf_tools_http_requests_in_flight', { help: 'Requests in progress.' }),
    received: metrics.counter('pdf_tools_http_received_bytes_total', { help: 'Bytes read from clients or the proxy.' }),
    sent: metrics.counter('pdf_tools_http_sent_bytes_total', {
      help: 'Bytes written to clients or the proxy, without results that nginx sends from the volume.',
    }),
    problems: metrics.counter('pdf_tools_http_problems_total', {
      help: 'Error responses by code.',
      labels: ['code'],
    }),
  };
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>;

/** Whether `refusals` counts a code. */
export function isRefusal(code: ErrorCode): boolean {
  return REFUSALS.includes(code);
}
