import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, readConfig } from './config.js';
import { redisConfig, redisLocation } from './redis-config.js';

function locationOf(environment: Readonly<Record<string, string>>) {
  return redisLocation(readConfig(z.object(redisConfig), environment));
}

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    locationOf(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe('redisLocation', () => {
  it('has no Sentinels, user or authority by default', () => {
    expect(locationOf({})).toEqual({ url: 'redis://127.0.0.1:6379/0' });
  });

  it.each([{}, { REDIS_SENTINELS: 'a' }])('takes the user and the password out of the URL with %j', (environment) => {
    const REDIS_URL = 'rediss://user:p%40ss@redis:7000/1';
    const found = { url: 'rediss://redis:7000/1', username: 'user', password: 'p@ss' };
    expect(locationOf({ ...environment, REDIS_URL })).toMatchObject(found);
    const others = { REDIS_USERNAME: 'other', REDIS_PASSWORD: 'secret' };
    expect(locationOf({ ...environment, ...others, REDIS_URL })).toMatchObject({
      ...found,
      username: 'other',
      password: 'secret',
    });
  });

  it('reads a list of Sentinels, with their usual port if one names none', () => {
    const { sentinels } = locationOf({
      REDIS_SENTINELS: 'a:1, b.example.org ,[fd00::1]:2,10.0.0.1',
      REDIS_SENTINEL_NAME: 'main',
      REDIS_SENTINEL_USERNAME: 'user',
      REDIS_SENTINEL_PASSWORD: 'secret',
    });
    expect(sentinels).toEqual({
      addresses: [
        { host: 'a', port: 1 },
        { host: 'b.example.org', port: 26379 },
        { host: 'fd00::1', port: 2 },
        { host: '10.0.0.1', port: 26379 },
      ],
      name: 'main',
      username: 'user',
      password: 'secret',
    });
  });

  it.each([
    ['a URL of another scheme', { REDIS_URL: 'http://redis' }, /^REDIS_URL: must start with redis:/],
    ['a password with a bare percent sign', { REDIS_URL: 'redis://u:%zz@r' }, /^REDIS_URL: is no valid URL/],
    ['a port that does not exist', { REDIS_URL: 'redis://r:70000' }, /^REDIS_URL: is no valid URL/],
    ['a URL without a host', { REDIS_URL: 'redis:///0' }, /^REDIS_URL: must start/],
    ['an authority without TLS', { REDIS_CA_FILE: '/etc/hostname' }, /^REDIS_CA_FILE: needs .*rediss:/],
    ['a file that cannot be read', { REDIS_URL: 'rediss://r', REDIS_CA_FILE: '/no' }, /^REDIS_CA_FILE: cannot be read/],
    [
      'a Sentinel that is a URL',
      { REDIS_SENTINELS: 'redis://a:1' },
      /^REDIS_SENTINELS: "redis:\/\/a:1" is not host:port/,
    ],
    ['a port that is no number', { REDIS_SENTINELS: 'a:x' }, /"a:x" is not host:port/],
    ['Sentinels beside a socket', { REDIS_URL: 'unix:///r.sock', REDIS_SENTINELS: 'a' }, /^REDIS_SENTINELS: .*unix/],
  ])('refuses %s', (_what, environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(problem)]);
  });
});
