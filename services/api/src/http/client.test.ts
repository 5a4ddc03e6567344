import { expect, it } from '@jest/globals';
import { clientOf } from './client.js';

it('counts the addresses of an IPv6 /64 as one client, and neighbouring networks as two', () => {
  expect(clientOf('', '2001:db8:0:1::1')).toBe(clientOf('', '2001:db8:0:1:ffff::2'));
  expect(clientOf('', '2001:db8:0:1::1')).not.toBe(clientOf('', '2001:db8:0:2::1'));
  expect(clientOf('', '203.0.113.1')).not.toBe(clientOf('', '203.0.113.2'));
});

it('counts an API key as one client wherever it calls from', () => {
  expect(clientOf('acme', '203.0.113.1')).toBe(clientOf('acme', '2001:db8::1'));
  expect(clientOf('acme', '203.0.113.1')).not.toBe(clientOf('', '203.0.113.1'));
});
