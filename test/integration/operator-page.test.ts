import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { TestStack } from '@pdf-tools/harness/stack';

const KEY = 'an-admin-key-for-tests';
let stack: TestStack;
let base: string;

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  stack = await TestStack.start(['api'], { ADMIN_KEY: KEY, ADMIN_PORT: String(port), QUEUE_MAX_JOBS: '9' });
});
afterAll(() => stack.stop());

describe('the operators’ page', () => {
  it('needs no key, and allows only its own scripts', async () => {
    for (const path of ['/admin', '/admin/']) {
      const page = await fetch(base + path);
      const text = await page.text();
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(text).not.toMatch(/https?:|<style|style=|\son\w+=|<script>/);
      expect(text).toContain('<html lang="en">');
      expect(text).toContain('name="viewport"');
    }
  });

  it('refers only to assets that the admin listener serves, cached for a year', async () => {
    const html = await (await fetch(`${base}/admin/`)).text();
    const paths = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      expect(path).toMatch(/^\/admin\/assets\//);
      const { status, headers } = await fetch(base + path);
      expect([path, status, headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff']);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
  });

  it.each(['/admin/assets/', '/admin/assets/unknown.js', '/admin/assets/..%2findex.html', '/admin/page/main.js'])(
    'has no file %s',
    async (path) => {
      expect((await fetch(base + path)).status).toBe(404);
    },
  );

  it('is not on the public listener', async () => {
    for (const path of ['/admin', '/admin/assets/app.js']) expect((await fetch(stack.url + path)).status).toBe(404);
  });

  it('gets its figures only with the key', async () => {
    expect((await fetch(`${base}/admin/api/overview`)).status).toBe(401);
    const answer = await fetch(`${base}/admin/api/overview`, { headers: { Authorization: `Bearer ${KEY}` } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const overview = await json<{ disk: { free: number; total: number } }>(answer);
    expect(overview).toMatchObject({
      counts: { queued: 0, active: 0, finished: 0, dead: 0 },
      queued_bytes: 0,
      oldest_queued_seconds: 0,
      jobs_per_minute: 0,
      build: { version: 'dev', node: process.versions.node },
    });
    expect(overview.disk.free).toBeGreaterThan(0);
    expect(overview.disk.free).toBeLessThanOrEqual(overview.disk.total);
  });

  it('shows how many jobs end in a minute, extrapolated if there are many', async () => {
    const now = Date.now();
    const rate = async () => {
      const headers = { Authorization: `Bearer ${KEY}` };
      return (await json<{ jobs_per_minute: number }>(await fetch(`${base}/admin/api/overview`, { headers })))
        .jobs_per_minute;
    };
    await stack.redis.lPush('pdf:pace', [String(now - 90_000), String(now - 20_000), String(now - 10_000)]);
    expect(await rate()).toBe(2);
    await stack.redis.del('pdf:pace');
    await stack.redis.lPush(
      'pdf:pace',
      Array.from({ length: 50 }, () => String(Date.now() - 5_000)),
    );
    const extrapolated = await rate();
    expect(extrapolated).toBeGreaterThan(300);
    expect(extrapolated).toBeLessThanOrEqual(600);
  });
});
