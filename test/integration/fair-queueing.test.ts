import { describe, expect, it } from '@jest/globals';
import { MAX_SEARCHED, MAX_SEARCHED_PREFERRED } from '@pdf-tools/jobs/fair-queueing';
import { resultOf, useJobStore } from '@pdf-tools/harness/job-store';

const jobs = useJobStore();
const { accept, claim } = jobs;

/** Names of the jobs in the order in which they are claimed. */
async function order(names: ReadonlyMap<string, string>): Promise<string[]> {
  const claimed: string[] = [];
  for (let job = await claim(); typeof job === 'object'; job = await claim()) claimed.push(names.get(job.id) ?? '');
  return claimed;
}

describe('the queue', () => {
  it('alternates between clients, regardless of how many jobs each has', async () => {
    const names = new Map<string, string>();
    for (const n of [1, 2, 3, 4]) names.set(await accept({ client: 'many' }), `many ${n}`);
    names.set(await accept({ client: 'one' }), 'one');
    names.set(await accept({ client: 'two' }), 'two');
    const served = await order(names);
    expect(served.filter((name) => name.startsWith('many'))).toEqual(['many 1', 'many 2', 'many 3', 'many 4']);
    expect(Math.max(served.indexOf('one'), served.indexOf('two'))).toBeLessThan(served.indexOf('many 2'));
  });

  it('gives a client no credit for the time that it was idle', async () => {
    const names = new Map<string, string>();
    for (const n of [1, 2, 3]) names.set(await accept({ client: 'busy' }), `busy ${n}`);
    await claim();
    await claim();
    for (const n of [1, 2, 3]) names.set(await accept({ client: 'late' }), `late ${n}`);
    expect((await order(names)).indexOf('busy 3')).toBeLessThan(2);
  });

  it('counts large files as more than one turn', async () => {
    const names = new Map<string, string>();
    for (const n of [1, 2]) names.set(await accept({ client: 'heavy', bytes: 30 * 2 ** 20 }), `heavy ${n}`);
    for (const n of [1, 2, 3]) names.set(await accept({ client: 'light' }), `light ${n}`);
    expect(await order(names)).toEqual(['light 1', 'light 2', 'light 3', 'heavy 1', 'heavy 2']);
  });

  it('first serves the client with fewer jobs running on the worker, at any cost of its job', async () => {
    const names = new Map<string, string>();
    for (const n of [1, 2, 3]) names.set(await accept({ client: 'busy' }), `busy ${n}`);
    names.set(await accept({ client: 'heavy', bytes: 30 * 2 ** 20 }), 'heavy');
    const next = async (...running: string[]) => {
      const job = await claim({ running });
      return typeof job === 'object' ? names.get(job.id) : job;
    };
    expect(await next('busy')).toBe('heavy');
    expect(await next('busy', 'heavy')).toBe('busy 1');
    names.set(await accept({ client: 'late', bytes: 2 ** 20 }), 'late');
    // The heavy job was claimed before its turn, so a new client does not wait for as long as that job costs.
    expect(await next()).toBe('busy 2');
    expect(await next()).toBe('late');
  });

  it('serves the preferred client first among those with as few jobs running on the worker', async () => {
    const names = new Map<string, string>();
    for (const client of ['first', 'kept', 'last'])
      for (const n of [1, 2]) names.set(await accept({ client }), `${client} ${n}`);
    const next = async (...running: string[]) => {
      const job = await claim({ running, preferred: 'kept' });
      return typeof job === 'object' ? names.get(job.id) : job;
    };
    expect(await next()).toBe('kept 1');
    const other = await next('kept');
    expect(await next('first', 'last')).toBe('kept 2');
    // It has no more jobs.
    expect([other, await next()].sort()).toEqual(['first 1', 'last 1']);
  });

  it('finds a job of the preferred client behind 99 jobs of another, but not behind more', async () => {
    for (let n = 0; n < MAX_SEARCHED_PREFERRED; n++) await accept({ client: 'many' });
    const kept = await accept({ client: 'kept' });
    await jobs.stack.redis.zAdd('pdf:lane:small', { score: 1_000_000, value: kept });
    expect(await jobs.stack.redis.zRank('pdf:lane:small', kept)).toBe(MAX_SEARCHED_PREFERRED);
    expect(await claim({ preferred: 'kept' })).toMatchObject({ client: 'many' });
    expect(await claim({ preferred: 'kept' })).toMatchObject({ id: kept });
  });

  it('finds another client’s job behind 999 jobs of one client, but not behind more', async () => {
    for (let n = 0; n < MAX_SEARCHED + 1; n++) await accept({ client: 'many' });
    const other = await accept({ client: 'other' });
    const lane = await jobs.stack.redis.zRangeWithScores('pdf:lane:small', 0, -1);
    const ahead = lane.filter(({ value }) => value !== other);
    const before = ahead[MAX_SEARCHED - 1]?.score ?? NaN;
    const claimed = { running: ['many', 'many'], except: 'many' };
    await jobs.stack.redis.zAdd('pdf:lane:small', { score: before + 0.01, value: other });
    expect(await jobs.stack.redis.zRank('pdf:lane:small', other)).toBe(MAX_SEARCHED);
    expect(await claim(claimed)).toBe('none-in-lane');
    await jobs.stack.redis.zAdd('pdf:lane:small', { score: before - 0.01, value: other });
    expect(await jobs.stack.redis.zRank('pdf:lane:small', other)).toBe(MAX_SEARCHED - 1);
    expect(await claim(claimed)).toMatchObject({ id: other });
    expect(await claim(claimed)).toBe('none-in-lane');
    expect(await claim({ ...claimed, except: '' })).toMatchObject({ client: 'many' });
  });

  it('gives a client the last slot only while no other client has jobs', async () => {
    const id = await accept({ client: 'many' });
    const other = await accept({ client: 'other', bytes: 40 * 2 ** 20 });
    const last = { lanes: ['small'], except: 'many', exceptIfAlone: false } as const;
    expect(await claim(last)).toBe('none-in-lane');
    await jobs.stack.store.cancel(other);
    expect(await claim({ ...last, exceptIfAlone: true })).toBe('none-in-lane');
    expect(await claim(last)).toMatchObject({ id });
  });

  it('counts items as more than one turn, and charges unknown pages to the next jobs', async () => {
    const names = new Map<string, string>();
    const items = Array.from({ length: 400 }, () => ({ file: 0 }));
    names.set(await accept({ client: 'items', params: { items } }), 'items');
    for (const n of [1, 2, 3]) names.set(await accept({ client: 'plain' }), `plain ${n}`);
    expect(await order(names)).toEqual(['plain 1', 'plain 2', 'plain 3', 'items']);

    const id = await accept({ client: 'pages' });
    await accept({ client: 'waits', bytes: 8 * 2 ** 20 });
    expect(await claim()).toMatchObject({ id });
    await jobs.stack.store.succeed(id, 1, resultOf(1), 900);
    names.set(await accept({ client: 'pages' }), 'pages');
    for (const n of [4, 5]) names.set(await accept({ client: 'plain' }), `plain ${n}`);
    expect((await order(names)).at(-1)).toBe('pages');
  });

  it('claims only from the given lanes, and reports that other lanes have jobs', async () => {
    const xlarge = await accept({ bytes: 40 * 2 ** 20 });
    expect(await claim({ lanes: ['small', 'large'] })).toBe('none-in-lane');
    const small = await accept({ client: 'other' });
    expect(await claim({ lanes: ['small', 'large'] })).toMatchObject({ id: small, lane: 'small' });
    expect(await claim()).toMatchObject({ id: xlarge, lane: 'xlarge' });
    expect(await claim()).toBe('none');
  });
});
