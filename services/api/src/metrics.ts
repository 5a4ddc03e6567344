import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { deletionsOf, Metrics, startAtZero } from '@pdf-tools/runtime/metrics';
import type { ApiConfig } from './config.js';

/** Codes with which a call is turned away that would be fine at another time. */
const REFUSALS = ['queue_full', 'disk_full', 'redis_unavailable', 'rate_limited', 'overloaded', 'shutting_down'];

/** Every metric of the api beside the process's own. Probes are not counted. */
export function createApiMetrics(config: Pick<ApiConfig, 'BUILD_VERSION' | 'BUILD_REVISION' | 'QUEUE_MAX_JOBS'>) {
  const metrics = new Metrics({ version: config.BUILD_VERSION, revision: config.BUILD_REVISION });
  const refusals = metrics.counter('pdf_tools_admission_refusals_total', {
    help: 'Calls that were turned away because of the state of the service or their rate.',
    labels: ['code'],
  });
  startAtZero(refusals, 'code', REFUSALS);
  const deletions = deletionsOf(metrics, ['deleted by client', 'read once', 'client went away']);
  metrics
    .gauge('pdf_tools_queue_limit_jobs', { help: 'Unfinished jobs above which new ones are refused.' })
    .set(config.QUEUE_MAX_JOBS);
  return {
    all: metrics,
    refusals,
    deletions,
    requests: metrics.counter('pdf_tools_http_requests_total', {
      help: 'Requests by route as the server knows it, and status; "broken" where the client went away before the end.',
      labels: ['method', 'route', 'status'],
    }),
    duration: metrics.seconds('pdf_tools_http_request_duration_seconds', {
      help: 'Time from the first look at a request to the end of its answer; calls that wait for a job include the job.',
      labels: ['route'],
    }),
    inFlight: metrics.gauge('pdf_tools_http_requests_in_flight', { help: 'Requests that are being answered.' }),
    received: metrics.counter('pdf_tools_http_received_bytes_total', { help: 'Bytes read from clients or the proxy.' }),
    sent: metrics.counter('pdf_tools_http_sent_bytes_total', {
      help: 'Bytes written to clients or the proxy; results that nginx sends from the volume are not among them.',
    }),
    problems: metrics.counter('pdf_tools_http_problems_total', {
      help: 'Problem answers by their code.',
      labels: ['code'],
    }),
  };
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>;

/** True for a code that `refusals` counts. */
export function isRefusal(code: ErrorCode): boolean {
  return REFUSALS.includes(code);
}
