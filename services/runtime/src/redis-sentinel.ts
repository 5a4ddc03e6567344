import type { Logger } from './logger.js';
import { PrimaryForwarder } from './redis-forwarder.js';
import type { HostPort, RedisLocation, SentinelSettings } from './redis-config.js';
import { encryptionOf, sendOnce } from './redis.js';
import type { RedisSettings } from './redis.js';

/** Time in which a Sentinel answers. */
const ASK_MS = 3_000;

/**
 * Returns the settings for the clients of Redis. If Sentinels know its address, the clients connect to a forwarder in this
 * process, which connects each of them to the current primary. bee-queue's client knows no Sentinel, and node-redis' own
 * one repeats commands whose outcome is unknown.
 */
export async function connectionSettings(location: RedisLocation, log: Logger): Promise<RedisSettings> {
  const { url, username, password, ca, sentinels } = location;
  if (!sentinels) return { url, username, password, ca };
  const forwarder = new PrimaryForwarder(
    { findPrimary: () => findPrimary(sentinels, location), tls: encryptionOf(location) },
    log,
  );
  const socket = await forwarder.listen();
  return { url: `unix://${socket}?db=${new URL(url).pathname.slice(1) || '0'}`, username, password };
}

type Answer = HostPort & { readonly epoch: number };

/**
 * Asks all Sentinels for the primary's address. Of the answers of a majority it returns that with the newest configuration,
 * because a Sentinel that was cut off may report an older primary. They use TLS if Redis does. Rejects with the
 * first Sentinel's error if none answers within 3 s.
 */
async function findPrimary(sentinels: SentinelSettings, redis: Pick<RedisSettings, 'url' | 'ca'>): Promise<HostPort> {
  const questions = sentinels.addresses.map((address) => askSentinel(sentinels, address, redis));
  const [newest] = (await answersOfMajority(questions)).sort((a, b) => b.epoch - a.epoch);
  if (newest) return newest;
  const outcomes = await Promise.allSettled(questions);
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  const [cause] = errors;
  throw new Error(`no Sentinel knows the primary "${sentinels.name}"`, { cause });
}

/** Returns the answers of more than half of the Sentinels, or all answers if there are fewer. */
async function answersOfMajority(questions: readonly Promise<Answer>[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  let isMajority: () => void;
  const majority = new Promise<void>((resolve) => {
    isMajority = resolve;
  });
  const collected = questions.map(async (question) => {
    answers.push(await question);
    if (answers.length > questions.length / 2) isMajority();
  });
  await Promise.race([majority, Promise.allSettled(collected)]);
  return answers;
}

async function askSentinel(
  { name, username, password }: SentinelSettings,
  { host, port }: HostPort,
  redis: Pick<RedisSettings, 'url' | 'ca'>,
): Promise<Answer> {
  const url = `${new URL(redis.url).protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`;
  const settings = { url, username, password, ca: redis.ca };
  const reply = await sendOnce(settings, ['SENTINEL', 'MASTER', name], ASK_MS);
  const fields = fieldsOf(reply);
  const [address, portOfPrimary, epoch] = ['ip', 'port', 'config-epoch'].map((field) => fields.get(field));
  if (address === undefined || !Number(portOfPrimary)) throw new Error(`the reply of ${url} names no address`);
  return { host: address, port: Number(portOfPrimary), epoch: Number(epoch ?? 0) };
}

/** Returns the fields of a reply that alternates names and values. */
function fieldsOf(reply: unknown): ReadonlyMap<string, string> {
  const words = Array.isArray(reply) ? reply.map(String) : [];
  return new Map(words.flatMap((word, i): [string, string][] => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : [])));
}
