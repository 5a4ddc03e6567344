import { z } from 'zod';
import { ConfigError, fileText, integer, list, secret, text } from './config.js';
import { splitRedisUrl } from './redis-address.js';
import type { RedisSettings } from './redis.js';

const SENTINEL_PORT = 26_379;

/** Variables of every service that say where Redis is and how to log in. */
export const redisConfig = {
  REDIS_URL: z
    .string()
    .regex(/^(rediss?:\/\/[^/]|unix:\/\/\/)/, 'must start with redis://, rediss:// (TLS) or unix:///')
    .default('redis://127.0.0.1:6379/0')
    .meta({
      description:
        'Address of Redis, which may contain a user and a password. With REDIS_SENTINELS its host is only the name in the certificates, and its port is ignored',
    }),
  REDIS_USERNAME: text({ default: '', description: 'User of Redis. Empty for its default user' }),
  REDIS_PASSWORD: secret({ description: 'Password of the user of Redis' }),
  REDIS_CA_FILE: fileText({
    description: 'File with the certificates that sign those of Redis. Empty for the public authorities',
  }),
  REDIS_SENTINELS: text({
    default: '',
    description: 'Sentinels that know the primary of Redis, as host:port separated by commas. Empty for none',
  }),
  REDIS_SENTINEL_NAME: text({
    default: 'mymaster',
    description: 'Name of the primary in the Sentinels’ configuration',
  }),
  REDIS_SENTINEL_USERNAME: text({ default: '', description: 'User of the Sentinels. Empty for their default user' }),
  REDIS_SENTINEL_PASSWORD: secret({ description: 'Password of the user of the Sentinels' }),
} as const;

/** The variable of services that wait until replicas of Redis have a write. */
export const replicasConfig = {
  REDIS_MIN_REPLICAS: integer({
    default: 0,
    max: 10,
    description:
      'Replicas of Redis that have a new job before it is accepted, and its end before its inputs are deleted. 0 if Redis has no replicas',
  }),
} as const;

type RedisConfig = { readonly [Name in keyof typeof redisConfig]: string };

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** The Sentinels that watch a primary, and how to log in to them. */
export interface SentinelSettings {
  readonly addresses: readonly HostPort[];
  /** The primary's name in their configuration. */
  readonly name: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Where Redis is. `sentinels` is undefined if its address is fixed. */
export interface RedisLocation extends RedisSettings {
  readonly sentinels: SentinelSettings | undefined;
}

/** Returns the Redis settings among the variables of a service. Throws a ConfigError if they contradict each other. */
export function redisLocation(config: RedisConfig): RedisLocation {
  const scheme = config.REDIS_URL.slice(0, config.REDIS_URL.indexOf(':'));
  const problems: string[] = [];
  if (config.REDIS_CA_FILE !== '' && scheme !== 'rediss')
    problems.push('REDIS_CA_FILE: needs a REDIS_URL that starts with rediss://');
  const addresses = list(config.REDIS_SENTINELS).map((word) => parseAddress(word, problems));
  if (addresses.length > 0 && scheme === 'unix')
    problems.push('REDIS_SENTINELS: cannot be used with a unix:// REDIS_URL');
  const server = splitUrl(config.REDIS_URL, problems);
  if (!server || problems.length > 0) throw new ConfigError(problems);
  return {
    url: server.url,
    username: config.REDIS_USERNAME || server.username,
    password: config.REDIS_PASSWORD || server.password,
    ca: config.REDIS_CA_FILE || undefined,
    sentinels: addresses.length === 0 ? undefined : sentinelSettings(config, addresses),
  };
}

function splitUrl(url: string, problems: string[]): ReturnType<typeof splitRedisUrl> | undefined {
  try {
    return splitRedisUrl(url);
  } catch {
    problems.push('REDIS_URL: is no valid URL. Write special characters of the user and the password as in %40');
    return undefined;
  }
}

function sentinelSettings(config: RedisConfig, addresses: readonly HostPort[]): SentinelSettings {
  return {
    addresses,
    name: config.REDIS_SENTINEL_NAME,
    username: config.REDIS_SENTINEL_USERNAME || undefined,
    password: config.REDIS_SENTINEL_PASSWORD || undefined,
  };
}

/** An IPv6 address is written in brackets, as in a URL. */
function parseAddress(word: string, problems: string[]): HostPort {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^[\]:/@]+))(?::(\d{1,5}))?$/i.exec(word);
  if (!match) problems.push(`REDIS_SENTINELS: "${word}" is not host:port`);
  const [, ipv6, host, port] = match ?? [];
  return { host: ipv6 ?? host ?? '', port: Number(port ?? SENTINEL_PORT) };
}
