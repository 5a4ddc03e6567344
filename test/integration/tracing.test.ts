import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { Receiver } from '@pdf-tools/harness/receiver';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

interface SentSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<SentSpan, 'service'>[] }[];
  }[];
}

let stack: TestStack;
let collector: Receiver;

beforeAll(async () => {
  collector = await Receiver.start();
  stack = await TestStack.start(['api', 'worker', 'scheduler'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
    OTEL_BSP_SCHEDULE_DELAY: '200',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 42).toString('base64')}`,
    WEBHOOK_ALLOW_HTTP: 'on',
    WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${collector.port}`,
  });
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
});
afterAll(async () => {
  collector.stop();
  await stack.stop();
});

/** Returns all spans of a trace that have arrived so far. */
function spansOf(trace: string): SentSpan[] {
  const exports = collector.at('/v1/traces').map(({ body }) => JSON.parse(body) as Export);
  const spans = exports.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ service, ...span })));
    }),
  );
  return spans.filter(({ traceId }) => traceId === trace);
}

async function call(file: Buffer, trace: string, fields: Record<string, string> = {}): Promise<Response> {
  return fetch(`${stack.url}/api/image-to-pdf`, {
    method: 'POST',
    headers: { traceparent: `00-${trace}-${CALLER}-01` },
    body: form([{ name: 'private name.jpg', bytes: file }], fields),
  });
}

describe('the trace of a request', () => {
  it('has spans for the request, the wait, the work, the end and the webhook below the caller’s span', async () => {
    const callback_url = `http://127.0.0.1:${collector.port}/hook`;
    const response = await call(await jpeg(), TRACE, { callback_url, async: 'true' });
    expect(response.status).toBe(202);
    const { id } = await json<Job>(response);
    const spans = await eventually(() => {
      const arrived = spansOf(TRACE);
      return Promise.resolve(arrived.length >= 5 && arrived);
    }, 'all spans of the call');
    const named = new Map(spans.map((span) => [`${span.service}: ${span.name}`, span]));
    expect([...named.keys()].sort()).toEqual([
      'api: POST /api/image-to-pdf',
      'scheduler: webhook',
      'worker: job deliver',
      'worker: job process',
      'worker: job queue',
    ]);
    const request = named.get('api: POST /api/image-to-pdf');
    expect(request?.parentSpanId).toBe(CALLER);
    for (const span of spans) if (span !== request) expect(span.parentSpanId).toBe(request?.spanId);

    const [queue, work] = [named.get('worker: job queue'), named.get('worker: job process')];
    expect(Number(queue?.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(queue?.startTimeUnixNano));
    expect(Number(work?.endTimeUnixNano)).toBeGreaterThan(Number(work?.startTimeUnixNano));
    // The trace contains neither the full id, which gives access to the job without keys, nor the client's file names.
    const sent = collector.at('/v1/traces').map(({ body }) => body);
    expect(sent.join('')).not.toContain(id);
    expect(sent.join('')).not.toContain('private name');
  });

  it('has the error of a failed job on the span of its work', async () => {
    const trace = TRACE.replace(/^4b/, '5b');
    const broken = (await jpeg()).subarray(0, 200);
    expect((await call(broken, trace)).status).toBe(422);
    const work = await eventually(
      () => Promise.resolve<SentSpan | false>(spansOf(trace).find(({ name }) => name === 'job process') ?? false),
      'the span of the work',
    );
    expect(work.status.code).toBe(2);
    expect(JSON.stringify(work)).toContain('corrupt_image');
  });
});

it('does not fail jobs or delay an orderly stop if the collector hangs', async () => {
  collector.answer('/v1/traces', ...Array.from({ length: 100 }, () => 0));
  const before = collector.at('/v1/traces').length;
  expect((await call(await jpeg(), TRACE)).status).toBe(200);
  await eventually(() => Promise.resolve(collector.at('/v1/traces').length > before), 'spans are being sent');
  for (const service of ['api', 'worker', 'scheduler']) expect(await stack.process(service).stop()).toBe(0);
});
