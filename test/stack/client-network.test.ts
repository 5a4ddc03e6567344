import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@pdf-tools/harness/processes';
import { PROJECT, docker } from './docker.js';

jest.setTimeout(120_000);

/** More requests than nginx accepts at once from one client (snippets/limits-on.conf). */
const CALLS = 40;

let id: string;
let url: string;

/** Starts a second nginx that trusts every X-Forwarded-For, so that one host can send from any address. */
beforeAll(async () => {
  const image = (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-nginx-1`)).trim();
  const folders = ['--tmpfs', '/etc/nginx/conf.d:size=1m,mode=0700,uid=101,gid=101', '--tmpfs', '/tmp:mode=1777'];
  const settings = ['--env', 'TRUSTED_PROXIES=0.0.0.0/0', '--env', 'RATE_LIMIT=on'];
  const networks = ['--network', `${PROJECT}_edge`, '--publish', '127.0.0.1::8080'];
  id = (await docker('create', ...networks, ...folders, ...settings, image)).trim();
  await docker('network', 'connect', `${PROJECT}_front`, id);
  await docker('start', id);
  url = `http://${(await docker('port', id, '8080')).trim()}`;
  await eventually(async () => (await fetch(`${url}/health`)).ok, 'the second nginx answers');
});
afterAll(() => docker('rm', '--force', id));

/** Sends one request from each address, all at once. Returns how many nginx refused. */
async function refusedOf(addressOf: (number: number) => string): Promise<number> {
  const calls = Array.from({ length: CALLS }, (_, number) =>
    fetch(`${url}/nothing`, { headers: { 'X-Forwarded-For': addressOf(number) } }),
  );
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(statuses.every((status) => status === 404 || status === 429)).toBe(true);
  return statuses.filter((status) => status === 429).length;
}

describe('nginx limits as one client', () => {
  it('all addresses in a /64 of IPv6', async () => {
    expect(await refusedOf((number) => `2001:db8:0:1::${number}`)).toBeGreaterThan(0);
  });

  it('not all addresses in a /56 of IPv6', async () => {
    expect(await refusedOf((number) => `2001:db8:0:1${number + 10}::1`)).toBe(0);
  });

  it('each IPv4 address', async () => {
    expect(await refusedOf(() => '198.51.100.1')).toBeGreaterThan(0);
    expect(await refusedOf((number) => `203.0.113.${number}`)).toBe(0);
  });

  it('each IPv4 address mapped to IPv6', async () => {
    expect(await refusedOf(() => '::ffff:198.51.100.2')).toBeGreaterThan(0);
    expect(await refusedOf((number) => `::ffff:192.0.2.${number}`)).toBe(0);
  });
});
