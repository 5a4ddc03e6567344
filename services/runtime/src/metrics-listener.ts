import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { integer, text } from './config.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Variables of a service whose only HTTP listener is that of its metrics. */
export const metricsConfig = {
  METRICS_PORT: integer({ default: 0, max: 65_535, description: 'Port of /metrics for Prometheus. 0 for none' }),
  METRICS_HOST: text({ default: '127.0.0.1', description: 'Address of /metrics' }),
} as const;

const REQUEST_MS = 5_000;

/** Responds with all metrics in the text format of Prometheus. */
export async function sendMetrics(res: ServerResponse, metrics: Metrics): Promise<void> {
  const { text: lines, mediaType } = await metrics.read();
  const body = Buffer.from(lines);
  res.writeHead(200, {
    'Content-Type': mediaType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(body);
}

/** Listens for `GET /metrics`, unless the port is 0. Rejects if the port is in use. */
export async function listenForMetrics(
  { METRICS_PORT, METRICS_HOST }: { readonly METRICS_PORT: number; readonly METRICS_HOST: string },
  metrics: Metrics,
  log: Logger,
): Promise<{ close(): Promise<void> }> {
  if (METRICS_PORT === 0) return { close: () => Promise.resolve() };
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (req, res) => {
    answer(req, res, metrics).catch((error: unknown) => {
      log.error('metrics not sent', { error });
      res.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(METRICS_PORT, METRICS_HOST, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, metrics: Metrics): Promise<void> {
  if (req.url !== '/metrics') res.writeHead(404).end();
  else if (req.method !== 'GET') res.writeHead(405, { Allow: 'GET' }).end();
  else await sendMetrics(res, metrics);
}
