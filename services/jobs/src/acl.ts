import { CHANNELS, KEYS } from './keys.js';
import type { ChannelName, KeyName } from './keys.js';
import { LUA_SOURCES } from './lua/sources.js';
import type { ScriptName } from './scripts.js';

/** What one service does in Redis. Its scripts run with its own rights, so their keys and channels are added. */
interface Service {
  readonly scripts: readonly ScriptName[];
  /** Keys of commands that no script sends. */
  readonly keys: readonly KeyName[];
  /** Keys that it only reads. */
  readonly readKeys?: readonly KeyName[];
  /** Channels that it subscribes to. */
  readonly channels: readonly ChannelName[];
  readonly commands: readonly string[];
}

/** Greetings of the clients, bee-queue's readiness check, transactions and scripts. */
const CONNECTION = '-@all +@connection -@dangerous +info +multi +exec +eval +evalsha +script|load +script|exists'.split(
  ' ',
);

/** Commands of the scripts, of the reads of records and indexes, and of bee-queue. */
const DATA = [
  ...['time', 'publish', 'get', 'set', 'del', 'exists', 'copy', 'incr', 'incrby', 'decrby', 'lpush', 'lrange', 'ltrim'],
  ...['hset', 'hget', 'hmget', 'hgetall', 'hsetnx', 'hincrby', 'hdel', 'hexists', 'hlen', 'hvals', 'hstrlen'],
  ...['zadd', 'zrem', 'zcard', 'zscore', 'zrange', 'zrangebyscore'],
];

/** bee-queue sends these to requeue notifications that a dead worker had taken. */
const STALLED_NOTIFICATIONS = ['smembers', 'sadd', 'srem', 'lrem'];

/** Commands that the documentation of Sentinel names. */
const SENTINEL_COMMANDS = [
  ...['multi', 'exec', 'ping', 'info', 'role', 'publish', 'subscribe', 'slaveof', 'config|rewrite'],
  ...['client|setname', 'client|kill', 'script|kill'],
];

const SERVICES: Readonly<Record<'api' | 'worker' | 'scheduler', Service>> = {
  api: {
    scripts: ['accept', 'cancel', 'remove', 'retry'],
    keys: ['tombstone', 'workers', 'worker', 'rate', 'logLevel'],
    channels: ['events'],
    commands: ['subscribe', 'unsubscribe', 'zrank', 'zremrangebyscore', 'mget', 'pttl'],
  },
  worker: {
    scripts: [
      ...(['claim', 'renew', 'progress', 'finish', 'failAttempt', 'release', 'defer'] as const),
      ...(['leaseHolders', 'releaseLeasesOf', 'registerWorker'] as const),
    ],
    keys: ['logLevel', 'notifications'],
    channels: ['stop'],
    commands: ['subscribe', 'unsubscribe', 'brpoplpush', ...STALLED_NOTIFICATIONS],
  },
  scheduler: {
    scripts: [
      ...(['stalled', 'recover', 'promoteDelayed', 'expireQueued', 'expireResult', 'recountClients'] as const),
      'notifyOverdue',
      ...(['takeWebhooks', 'settleWebhook', 'deferWebhook'] as const),
    ],
    keys: ['logLevel', 'notifications'],
    readKeys: ['workers', 'worker'],
    channels: [],
    commands: ['mget', ...STALLED_NOTIFICATIONS],
  },
};

/**
 * Returns the users of Redis, one line of an ACL file for each. `{name}` stands for the SHA-256 of the user's password;
 * redis-start.sh fills it in.
 */
export function aclLines(): string[] {
  const services = Object.entries(SERVICES).map(([name, service]) => `user ${name} ${rightsOf(name, service)}`);
  return [
    // Redis reads its own append-only file with the default user's rights. With fewer rights it would skip every transaction.
    'user default reset off ~* &* +@all',
    ...services,
    'user health reset on #{health} -@all +ping',
    'user operator reset on #{operator} ~* &* +@all',
    'user exporter reset on #{exporter} -@all +ping +info +client|setname',
    // Only of a Redis with replicas: the users as which they and the Sentinels log in.
    'user replica reset on #{replica} -@all +ping +replconf +psync',
    `user sentinel reset on #{sentinel} &__sentinel__:hello -@all ${SENTINEL_COMMANDS.map((name) => `+${name}`).join(' ')}`,
  ];
}

function rightsOf(name: string, { scripts, keys, readKeys = [], channels, commands }: Service): string {
  const source = scripts.map((script) => LUA_SOURCES[script]).join('\n');
  const isUsed = (table: string, entry: string): boolean => new RegExp(`\\b${table}\\.${entry}\\b`).test(source);
  const ownKeys = Object.entries(KEYS).filter(([key]) => isUsed('keys', key) || keys.some((own) => own === key));
  const ownChannels = Object.entries(CHANNELS).filter(
    ([channel]) => isUsed('channels', channel) || channels.some((own) => own === channel),
  );
  return [
    `reset on #{${name}}`,
    ...ownKeys.map(([, key]) => `~${patternOf(key)}`),
    ...readKeys.map((key) => `%R~${patternOf(KEYS[key])}`),
    ...ownChannels.map(([, channel]) => `&${channel}`),
    ...CONNECTION,
    ...[...DATA, ...commands].map((command) => `+${command}`),
  ].join(' ');
}

function patternOf(key: string): string {
  return key.endsWith(':') ? `${key}*` : key;
}
