import { describe, expect, it } from '@jest/globals';
import { parseTraceparent, startTracing } from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it('takes the parts of the first version, and of later ones that say more', () => {
    const parts = { traceId: TRACE, spanId: SPAN, traceFlags: 1 };
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(parts);
    expect(parseTraceparent(`01-${TRACE}-${SPAN}-03-more`)).toEqual(parts);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)).toMatchObject({ traceFlags: 0 });
  });

  it.each([
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
  ])('refuses %j', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

describe('startTracing', () => {
  it('keeps nothing without an endpoint', async () => {
    const tracing = await startTracing('test', { OTEL_EXPORTER_OTLP_ENDPOINT: '', BUILD_VERSION: '1' });
    const span = tracing.begin('call', { kind: 'server', parent: `00-${TRACE}-${SPAN}-01` });
    expect(span.traceparent).toBeUndefined();
    span.end();
    await tracing.close();
  });
});
