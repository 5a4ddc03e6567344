import { describe, expect, it } from '@jest/globals';
import { CallbackRefused } from '@pdf-tools/jobs/callback-url';
import { webhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { findTarget, pinned } from './address.js';
import type { ResolvedAddress } from './address.js';

const policy = webhookPolicy({
  WEBHOOK_ALLOW_HTTP: false,
  WEBHOOK_ALLOWED_HOSTS: 'intranet.example',
  WEBHOOK_PORTS: '',
});

function find(url: string, ...addresses: string[]) {
  const resolved = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return findTarget(url, policy, () => Promise.resolve(resolved));
}

describe('findTarget', () => {
  it('returns all addresses of a public name', async () => {
    expect((await find('https://example.com/', '8.8.8.8', '2606:4700::1')).addresses).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
  });

  it.each([
    [[]],
    [['127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['8.8.8.8', '8.8.4.4', '::1']],
    [['169.254.169.254']],
    [['::ffff:10.0.0.1']],
    [['64:ff9b::a00:1']],
    [['2002:a00:1::1']],
    [['fe80::1%eth0']],
    [['not an address']],
  ])('refuses a name that resolves to %j', async (addresses) => {
    await expect(find('https://example.com/', ...addresses)).rejects.toThrow(CallbackRefused);
  });

  it('allows a private address only for an allowed name', async () => {
    expect((await find('https://intranet.example./', '10.0.0.1')).addresses).toHaveLength(1);
    await expect(find('https://a.intranet.example/', '10.0.0.1')).rejects.toThrow(CallbackRefused);
  });

  it('resolves a name once, and neither a literal address nor a refused URL', async () => {
    const asked: string[] = [];
    const resolve = (host: string): Promise<ResolvedAddress[]> => {
      asked.push(host);
      return Promise.resolve([{ address: '8.8.8.8', family: 4 }]);
    };
    await findTarget('https://134744072/', policy, resolve);
    await expect(findTarget('http://example.com/', policy, resolve)).rejects.toThrow(CallbackRefused);
    await findTarget('https://Example.com./', policy, resolve);
    expect(asked).toEqual(['example.com']);
  });
});

describe('pinned', () => {
  const addresses = [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ];

  it('answers every query with the given addresses', () => {
    const answers: unknown[] = [];
    const note = (...answer: unknown[]): void => {
      answers.push(answer);
    };
    pinned(addresses)('localhost', { all: true }, note);
    pinned(addresses)('localhost', {}, note);
    expect(answers).toEqual([
      [null, addresses],
      [null, '8.8.8.8', 4],
    ]);
  });
});
