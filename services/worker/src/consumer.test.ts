import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { ClaimReply } from '@pdf-tools/jobs/store';
import { AppError } from '@pdf-tools/runtime/errors';
import { createLogger } from '@pdf-tools/runtime/logger';
import { startTracing } from '@pdf-tools/runtime/tracing';
import { Consumer } from './consumer.js';
import { createWorkerMetrics } from './metrics.js';

type Arguments = ConstructorParameters<typeof Consumer>;

interface Claim {
  readonly lanes: readonly string[];
  readonly answer: (reply: ClaimReply) => void;
}

const NONE_IN_LANE: ClaimReply = { claim: 'none-in-lane', rest: 'some' };
const XLARGE = { id: 'a', fence: 2, client: 'c', operation: 'merge-pdf', lane: 'xlarge', inputs: [] };

/** Starts a consumer whose claims and runs the test ends, because a real Redis answers before a test can act. */
async function startConsumer() {
  const claims: Claim[] = [];
  let failRun: (error: Error) => void = () => undefined;
  let onSettled: () => void;
  const settled = new Promise<void>((resolve) => {
    onSettled = resolve;
  });
  const deps = {
    store: {
      claim: ({ lanes }: { lanes: readonly string[] }) =>
        new Promise<ClaimReply>((answer) => {
          claims.push({ lanes, answer });
        }),
      fail: () => Promise.resolve(true),
    },
    storage: {
      openRun: () =>
        new Promise<never>((_resolve, reject) => {
          failRun = reject;
        }),
      removeInputs: () => {
        onSettled();
        return Promise.resolve();
      },
    },
    pool: {},
    replicated: () => Promise.resolve(),
    log: createLogger({ service: 'test', level: 'error' }),
    metrics: createWorkerMetrics({ version: '', revision: '' }),
    tracing: await startTracing('test', { OTEL_EXPORTER_OTLP_ENDPOINT: '', BUILD_VERSION: '' }),
  } as unknown as Arguments[0];
  let onNotified: () => Promise<void>;
  const listener = {
    listen: (listen: () => Promise<void>) => {
      onNotified = listen;
    },
    close: () => Promise.resolve(),
  } as unknown as Arguments[2];
  const consumer = new Consumer(deps, { worker: 'w', concurrency: 2 }, listener);
  consumer.start();
  return {
    consumer,
    claims,
    notify: () => {
      void onNotified();
    },
    /** Has the running job fail. Resolves when its run has ended. */
    endRun: async () => {
      failRun(new AppError('corrupt_image', 'The image is damaged.'));
      await settled;
      await turn();
    },
    /** Answers the claim in flight. */
    answer: async (reply: ClaimReply) => {
      claims.at(-1)?.answer(reply);
      await turn();
    },
  };
}

describe('a worker whose claim finds no job in its lanes', () => {
  it('claims again if a notification came during the claim', async () => {
    const { consumer, claims, notify, answer } = await startConsumer();
    notify();
    notify();
    expect(claims).toHaveLength(1);
    await answer(NONE_IN_LANE);
    expect(claims).toHaveLength(2);
    await answer(NONE_IN_LANE);
    expect(claims).toHaveLength(2);
    await consumer.close(0);
  });

  it.each([0, 1, 2, 3, 4])('claims again if a notification came %i microtasks after the reply', async (count) => {
    const { consumer, claims, notify, answer } = await startConsumer();
    notify();
    const answered = answer(NONE_IN_LANE);
    for (let n = 0; n < count; n++) await Promise.resolve();
    notify();
    await answered;
    expect(claims).toHaveLength(2);
    await answer(NONE_IN_LANE);
    await consumer.close(0);
  });

  it('claims again for all lanes if its xlarge job ended during the claim', async () => {
    const { consumer, claims, notify, endRun, answer } = await startConsumer();
    notify();
    await answer({ claim: XLARGE as unknown as JobRecord, rest: 'some' });
    expect(claims.at(-1)?.lanes).toEqual(['small', 'large']);
    await endRun();
    await answer(NONE_IN_LANE);
    expect(claims).toHaveLength(3);
    expect(claims.at(-1)?.lanes).toEqual(['small', 'large', 'xlarge']);
    await answer({ claim: 'none', rest: 'none' });
    expect(claims).toHaveLength(3);
    await consumer.close(0);
  });

  it('does not claim again if no job is queued, even if a job ended during the claim', async () => {
    const { consumer, claims, notify, endRun, answer } = await startConsumer();
    notify();
    await answer({ claim: XLARGE as unknown as JobRecord, rest: 'some' });
    await endRun();
    await answer({ claim: 'none', rest: 'none' });
    expect(claims).toHaveLength(2);
    await consumer.close(0);
  });
});
