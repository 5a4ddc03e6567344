import { setTimeout as sleep } from 'node:timers/promises';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { Span, TracerProvider } from '@opentelemetry/api';
import { text } from './config.js';

/** Variables of tracing. The exporter reads the other OTEL_EXPORTER_OTLP_… and OTEL_BSP_… variables itself. */
export const tracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: text({
    default: '',
    description: 'Address that traces are sent to (OTLP over HTTP, without /v1/traces). Empty for none',
  }),
} as const;

const LAST_SPANS_MS = 2_000;

type Kind = 'server' | 'client' | 'consumer' | 'internal';
type Attributes = Readonly<Record<string, string | number | boolean>>;

interface Begin {
  readonly kind: Kind;
  /** The parent span as a W3C `traceparent`. Any other text starts a new trace. */
  readonly parent?: string | undefined;
  /** Start in ms since the epoch. Now by default. */
  readonly startedAt?: number | undefined;
  readonly attributes?: Attributes;
}

interface End {
  /** The name, if it was not known at the start. */
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly failed?: boolean;
  /** End in ms since the epoch. Now by default. */
  readonly at?: number;
}

/** A span that has started. Without an endpoint nothing is recorded. */
export interface OpenSpan {
  /** Its `traceparent` (W3C Trace Context) for child spans. Undefined without tracing. */
  readonly traceparent: string | undefined;
  /** Ends the span, as an error if `failed` is set. */
  end(outcome?: End): void;
}

/** The spans of one service. While the collector is down, only spans beyond a bounded queue are lost. */
export interface Tracing {
  begin(name: string, begin: Begin): OpenSpan;
  /** Sends the remaining spans, for at most LAST_SPANS_MS, because a shutdown must not wait for a collector. */
  close(): Promise<void>;
}

const NOTHING: OpenSpan = { traceparent: undefined, end: () => undefined };
const NO_TRACING: Tracing = { begin: () => NOTHING, close: () => Promise.resolve() };

/** Starts tracing if an endpoint is set. OpenTelemetry is loaded only then, because it takes some MB of memory. */
export async function startTracing(
  service: string,
  config: { readonly OTEL_EXPORTER_OTLP_ENDPOINT: string; readonly BUILD_VERSION: string },
): Promise<Tracing> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '');
  if (endpoint === '') return NO_TRACING;
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'pdf-tools',
      'service.name': service,
      'service.version': config.BUILD_VERSION,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  return {
    begin: (name, begin) => beginSpan(api, provider, name, begin),
    close: () => Promise.race([provider.shutdown(), sleep(LAST_SPANS_MS)]),
  };
}

function beginSpan(api: typeof OpenTelemetry, provider: TracerProvider, name: string, begin: Begin): OpenSpan {
  const { kind, parent, startedAt, attributes } = begin;
  const above = parent === undefined ? undefined : parseTraceparent(parent);
  const context = above ? api.trace.setSpanContext(api.ROOT_CONTEXT, { ...above, isRemote: true }) : api.ROOT_CONTEXT;
  const kinds = { server: 'SERVER', client: 'CLIENT', consumer: 'CONSUMER', internal: 'INTERNAL' } as const;
  const span = provider.getTracer('pdf-tools').startSpan(
    name,
    {
      kind: api.SpanKind[kinds[kind]],
      ...(startedAt !== undefined && { startTime: startedAt }),
      ...(attributes && { attributes }),
    },
    context,
  );
  return {
    traceparent: traceparentOf(span),
    end: ({ name: known, attributes: more, failed = false, at } = {}) => {
      if (known !== undefined) span.updateName(known);
      if (more) span.setAttributes(more);
      if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.end(at);
    },
  };
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})/;

/** Returns the parts of a `traceparent` (W3C Trace Context, section 3.2), or undefined if it is malformed. */
export function parseTraceparent(
  text: string,
): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text.slice(0, 55)) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}
