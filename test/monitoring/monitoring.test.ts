import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { docker, inside, PROJECT } from '../stack/docker.js';
import { call, form, untilEnded } from '../stack/client.js';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { dashboardQueries, query, targetHealth } from './prometheus.js';

jest.setTimeout(300_000);
const SCRAPED_MS = 120_000;

/** Sends one request per operation that succeeds, and one that fails. */
async function traffic(): Promise<void> {
  const photo = await jpeg();
  const convert = (bytes: Buffer) =>
    call('/api/image-to-pdf', { method: 'POST', body: form({}, [['files', 'a.jpg', bytes]]) });
  const pdf = (await convert(photo)).body;
  const merge = form({}, [
    ['files', 'a.pdf', pdf],
    ['files', 'b.pdf', pdf],
  ]);
  expect((await call('/api/merge-pdf', { method: 'POST', body: merge })).status).toBe(200);
  const compress = await call('/api/compress-pdf?async=true', {
    method: 'POST',
    body: form({}, [['file', 'a.pdf', pdf]]),
  });
  await untilEnded((JSON.parse(compress.body.toString()) as { id: string }).id);
  expect((await convert(photo.subarray(0, photo.length / 2))).status).toBe(422);
}

beforeAll(async () => {
  await traffic();
});

describe('Prometheus', () => {
  it('accepts its configuration, and each alert fires only in its own case', async () => {
    const promtool = (...args: string[]) =>
      docker('exec', '-w', '/etc/prometheus', `${PROJECT}-prometheus-1`, 'promtool', ...args);
    expect(await promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
    const rules = await inside('prometheus', 'cat /etc/prometheus/alerts.yml');
    const tests = await inside('prometheus', 'cat /etc/prometheus/alerts.test.yml');
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(alerts.length).toBeGreaterThan(20);
    const runbook = await readFile(new URL('../../../compose/OPERATIONS.md', import.meta.url), 'utf8');
    for (const alert of alerts) expect(runbook).toContain(`\`${alert}\``);
    for (const alert of alerts) expect(tests).toMatch(new RegExp(`alertname: ${alert}\\n`));
  });

  it('finds every replica once and reaches all of them', async () => {
    const up = [
      'alertmanager',
      'api',
      'api',
      'nginx',
      'nginx-exporter',
      'node',
      'prometheus',
      'redis',
      'scheduler',
      'worker',
    ];
    await eventually(
      async () => {
        const health = await targetHealth();
        if (
          health.join() ===
          up
            .map((job) => `${job}: up`)
            .sort()
            .join()
        )
          return true;
        throw new Error(health.join('\n'));
      },
      'all targets up',
      SCRAPED_MS,
    );
    expect((await query('redis_up'))[0]?.value[1]).toBe('1');
    expect((await query('sum(pdf_tools_build_info)'))[0]?.value[1]).toBe('4');
  });

  it('answers every query of the dashboard', async () => {
    const queries = await dashboardQueries();
    expect(queries.length).toBeGreaterThan(40);
    await eventually(
      async () => {
        await traffic();
        const empty: string[] = [];
        for (const [title, expr] of queries) if ((await query(expr)).length === 0) empty.push(`${title}: ${expr}`);
        if (empty.length === 0) return true;
        throw new Error(empty.join('\n'));
      },
      'no query without an answer',
      SCRAPED_MS,
    );
  });

  it('stores few series, and no label that clients can multiply', async () => {
    for (let i = 0; i < 30; i++) await call(`/api/jobs/${String(i).padStart(40, '0')}`);
    for (let i = 0; i < 30; i++) await call(`/made-up-${i}`);
    const series = Number((await query('count({__name__=~"pdf_tools_.*", job="api"})'))[0]?.value[1]);
    expect(series).toBeLessThan(600);
    const routes = await query('count by (route) (pdf_tools_http_requests_total)');
    expect(routes.length).toBeLessThan(20);
  });

  it('sends its alerts to Alertmanager', async () => {
    await eventually(
      async () => {
        const [sent] = await query('prometheus_notifications_alertmanagers_discovered');
        return sent?.value[1] === '1';
      },
      'an Alertmanager',
      SCRAPED_MS,
    );
    const alerts = await query('ALERTS{alertstate="firing"}');
    expect(alerts.map(({ metric }) => metric.alertname)).toEqual([]);
  });
});

describe('the Redis user of the exporter', () => {
  it('can read statistics and nothing else', async () => {
    const redis = (...command: string[]) =>
      inside(
        'redis',
        `REDISCLI_AUTH=$(sed 's/.*":"//; s/".*//' /run/secrets/redis_exporter_passwords) redis-cli --user exporter ${command.join(' ')} 2>&1; true`,
      );
    expect(await redis('INFO', 'memory')).toContain('used_memory:');
    for (const refused of [
      'KEYS pdf:*',
      'GET pdf:queued-bytes',
      'CONFIG GET requirepass',
      'ACL LIST',
      'CLIENT LIST',
      'SLOWLOG GET',
    ])
      expect(await redis(refused)).toContain('NOPERM');
  });
});
