import { describe, expect, it } from '@jest/globals';
import { readRedisAddress } from './redis-address.js';

describe('readRedisAddress', () => {
  it.each([
    ['redis://127.0.0.1:6379/0', { host: '127.0.0.1', port: 6379, database: 0 }],
    ['redis://redis', { host: 'redis', port: 6379, database: 0 }],
    ['redis://redis:7000/3', { host: 'redis', port: 7000, database: 3 }],
    ['unix:///run/redis/redis.sock', { path: '/run/redis/redis.sock', database: 0 }],
    ['unix:///a%20folder/redis.sock?db=2', { path: '/a folder/redis.sock', database: 2 }],
  ])('reads %s', (text, address) => {
    expect(readRedisAddress(text)).toEqual(address);
  });
});
