import { setTimeout as sleep } from 'node:timers/promises';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { Span, TracerProvider } from '@opentelemetry/api';
import { text } from './config.js';

/** Variables of tracing; the exporter reads the other OTEL_EXPORTER_OTLP_… and OTEL_BSP_… of the environment by itself. */
export const tracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: text({
    default: '',
    description: 'Where traces are sent (OTLP over HTTP, without /v1/traces); empty for none',
  }),
} as const;

const LAST_SPANS_MS = 2_000;

type Kind = 'server' | 'client' | 'consumer' | 'internal';
type Attributes = Readonly<Record<string, string | number | boolean>>;

interface Begin {
  readonly kind: Kind;
  /** The span it belongs to, as W3C Trace Context spells it; anything else begins a trace of its own. */
  readonly parent?: string | undefined;
  /** When it began, in ms since the epoch; now, where it is left out. */
  readonly startedAt?: number | undefined;
  readonly attributes?: Attributes;
}

interface End {
  /** The name it shall have, where that was not known before. */
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly failed?: boolean;
  /** When it ended, in ms since the epoch; now, where it is left out. */
  readonly at?: number;
}

/** A span that has begun. Without an endpoint nothing is kept of it. */
export interface OpenSpan {
  /** Its `traceparent` (W3C Trace Context) for whatever it causes; undefined where nothing is traced. */
  readonly traceparent: string | undefined;
  /** Ends it; with `failed` as an error. */
  end(outcome?: End): void;
}

/** The spans of one service. A collector that is away costs the spans that do not fit into a bounded queue, nothing else. */
export interface Tracing {
  begin(name: string, begin: Begin): OpenSpan;
  /** Sends what is left, for LAST_SPANS_MS at most: an orderly stop waits for no collector. */
  close(): Promise<void>;
}

const NOTHING: OpenSpan = { traceparent: undefined, end: () => undefined };
const NO_TRACING: Tracing = { begin: () => NOTHING, close: () => Promise.resolve() };

/** Starts to trace where there is an endpoint. OpenTelemetry is loaded only then: it takes some MB of memory. */
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

/** The parts of a `traceparent` (W3C Trace Context, section 3.2); undefined for what is none. */
export function parseTraceparent(
  text: string,
): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text.slice(0, 55)) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}
