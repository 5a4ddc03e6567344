import { shortId } from '@pdf-tools/runtime/logger';
import type { Tracing } from '@pdf-tools/runtime/tracing';
import type { RequestHandler } from 'express';
import { contextOf } from './context.js';
import { methodOf, routeOf } from './measure.js';

/**
 * Creates a span for each request, as a child of the one that its `traceparent` names. The attributes follow the
 * OpenTelemetry conventions for HTTP servers. They hold no addresses or file names, which belong to the client.
 */
export function traceRequests(tracing: Tracing): RequestHandler {
  return (req, res, next) => {
    const method = methodOf(req);
    const span = tracing.begin(method, { kind: 'server', parent: req.get('traceparent') });
    const context = contextOf(res);
    context.traceparent = span.traceparent;
    res.once('close', () => {
      const { jobId, code, requestId } = context;
      span.end({
        name: `${method} ${routeOf(req)}`,
        attributes: {
          'http.request.method': method,
          'http.route': routeOf(req),
          'http.response.status_code': res.statusCode,
          'pdf_tools.request_id': requestId,
          ...(jobId !== undefined && { 'pdf_tools.job_id': shortId(jobId) }),
          ...(code !== undefined && { 'error.type': code }),
        },
        failed: res.statusCode >= 500 || !res.writableFinished,
      });
    });
    next();
  };
}
