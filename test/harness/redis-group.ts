import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sendOnce } from '@pdf-tools/runtime/redis';
import type { RedisSettings } from '@pdf-tools/runtime/redis';
import { freePort } from './ports.js';
import { TestProcess, eventually } from './processes.js';

const COMPOSE = new URL('../../../compose/', import.meta.url);
const NAME = 'pdf-tools';
const SENTINELS = 3;
const QUORUM = 2;
const DOWN_AFTER_MS = 1_000;
const ASK_MS = 2_000;

/** Options of Redis and its Sentinels for TLS, and the certificate that their clients need. */
export interface GroupTls {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

interface Member {
  readonly port: number;
  readonly process: TestProcess;
}

/**
 * A primary of Redis, its replicas and three Sentinels, with the users and the persistence of the product. The folder is
 * that of a TestStack, whose passwords they share.
 */
export class RedisGroup {
  readonly servers: Member[] = [];
  readonly sentinels: Member[] = [];
  readonly #sentinelPassword = randomBytes(16).toString('hex');

  private constructor(
    private readonly folder: string,
    private readonly tls: GroupTls | undefined,
  ) {
    // Sentinel makes Redis write its configuration.
    for (const name of ['redis.conf', 'redis-users.acl']) copyFileSync(new URL(name, COMPOSE), join(folder, name));
    for (const user of ['replica', 'sentinel'])
      writeFileSync(this.#passwordFile(user), randomBytes(16).toString('hex'));
  }

  /** Resolves when the replicas are connected and each Sentinel knows them and the other Sentinels. */
  static async start(folder: string, { replicas = 2, tls }: { replicas?: number; tls?: GroupTls } = {}) {
    const group = new RedisGroup(folder, tls);
    for (let i = 0; i <= replicas; i++) await group.#startServer();
    await eventually(
      async () => (await group.#sendAsOperator(group.primary.port, 'WAIT', String(replicas), '100')) === replicas,
      'replicas',
    );
    for (let i = 0; i < SENTINELS; i++) await group.#startSentinel();
    await eventually(() => group.#isWatched(replicas), 'Sentinels');
    return group;
  }

  /** The server that was started first. */
  get primary(): Member {
    const [first] = this.servers;
    if (!first) throw new Error('there is no server');
    return first;
  }

  get replicas(): readonly Member[] {
    return this.servers.slice(1);
  }

  /** The environment of a service that finds the primary through the Sentinels. */
  get environment(): Readonly<Record<string, string>> {
    return {
      REDIS_URL: `${this.#scheme}://localhost/0`,
      REDIS_SENTINELS: this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(),
      REDIS_SENTINEL_NAME: NAME,
      REDIS_SENTINEL_PASSWORD: this.#sentinelPassword,
      ...(this.tls && { REDIS_CA_FILE: this.tls.caFile }),
    };
  }

  /** The environment of a service that connects to the first server. */
  get directEnvironment(): Readonly<Record<string, string>> {
    return {
      REDIS_URL: `${this.#scheme}://localhost:${this.primary.port}/0`,
      ...(this.tls && { REDIS_CA_FILE: this.tls.caFile }),
    };
  }

  /** The port of the primary as a Sentinel reports it. */
  async portOfPrimary(): Promise<number> {
    const reply = await this.#askSentinel('GET-MASTER-ADDR-BY-NAME', NAME);
    return Number((reply as string[])[1]);
  }

  /** Makes a replica the primary while all servers run. */
  async failOver(): Promise<void> {
    const before = await this.portOfPrimary();
    await this.#askSentinel('FAILOVER', NAME);
    await eventually(async () => (await this.portOfPrimary()) !== before, 'fail-over');
  }

  async stop(): Promise<void> {
    const all = [...this.sentinels, ...this.servers];
    // A stopped process ignores SIGTERM.
    for (const { process } of all) process.signal('SIGCONT');
    await Promise.all(all.map(({ process }) => process.stop()));
  }

  get #scheme(): string {
    return this.tls ? 'rediss' : 'redis';
  }

  #passwordFile(user: string): string {
    return join(this.folder, 'secrets', `redis_${user}_password`);
  }

  #passwordOf(user: string): string {
    return readFileSync(this.#passwordFile(user), 'utf8');
  }

  #tlsOptions(port: number): string[] {
    if (!this.tls) return ['port', String(port)];
    const { caFile, certFile, keyFile } = this.tls;
    const files = ['tls-ca-cert-file', caFile, 'tls-cert-file', certFile, 'tls-key-file', keyFile];
    return ['port', '0', 'tls-port', String(port), ...files, 'tls-auth-clients', 'no', 'tls-replication', 'yes'];
  }

  async #startServer(): Promise<void> {
    const port = await freePort();
    const [data, state] = [join(this.folder, `redis-${port}`), join(this.folder, `state-${port}`)];
    for (const made of [data, state]) mkdirSync(made);
    const replicaOf = this.servers.length === 0 ? [] : ['replicaof', `127.0.0.1 ${this.primary.port}`];
    const options = [
      ...['bind', '127.0.0.1', 'dir', data, 'repl-diskless-sync-delay', '0'],
      ...['masteruser', 'replica', 'masterauth', this.#passwordOf('replica'), ...replicaOf],
      ...this.#tlsOptions(port),
    ];
    const conf = join(this.folder, `redis-${port}.conf`);
    writeFileSync(conf, readFileSync(join(this.folder, 'redis.conf')));
    const script = fileURLToPath(new URL('redis-start.sh', COMPOSE));
    const args = [script, conf, join(this.folder, 'secrets'), state, ...options.map(asOption)];
    const process = new TestProcess(`redis ${port}`, 'sh', args, {});
    this.servers.push({ port, process });
    await eventually(
      async () => (await this.#sendAsOperator(port, 'PING')) === 'PONG',
      `redis ${port}: ${process.output}`,
    );
  }

  async #startSentinel(): Promise<void> {
    const port = await freePort();
    const conf = join(this.folder, `sentinel-${port}.conf`);
    const lines = [
      'bind 127.0.0.1',
      `dir ${this.folder}`,
      `requirepass ${this.#sentinelPassword}`,
      `sentinel sentinel-pass ${this.#sentinelPassword}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${this.primary.port} ${QUORUM}`,
      `sentinel auth-user ${NAME} sentinel`,
      `sentinel auth-pass ${NAME} ${this.#passwordOf('sentinel')}`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 10000`,
      ...pairs(this.#tlsOptions(port)),
    ];
    writeFileSync(conf, `${lines.join('\n')}\n`);
    const process = new TestProcess(`sentinel ${port}`, 'redis-server', [conf, '--sentinel'], {});
    this.sentinels.push({ port, process });
  }

  /** Whether each Sentinel has found all replicas and the other Sentinels. */
  async #isWatched(replicas: number): Promise<boolean> {
    for (const { port } of this.sentinels) {
      const reply = (await this.#send(port, ['SENTINEL', 'MASTER', NAME], this.#sentinelLogin)) as string[];
      const count = (field: string): number => Number(reply[reply.indexOf(field) + 1]);
      if (count('num-slaves') !== replicas || count('num-other-sentinels') !== SENTINELS - 1) return false;
    }
    return true;
  }

  get #sentinelLogin(): Pick<RedisSettings, 'password'> {
    return { password: this.#sentinelPassword };
  }

  #askSentinel(...command: string[]): Promise<unknown> {
    const [first] = this.sentinels;
    return this.#send(first?.port ?? 0, ['SENTINEL', ...command], this.#sentinelLogin);
  }

  #sendAsOperator(port: number, ...command: string[]): Promise<unknown> {
    return this.#send(port, command, { username: 'operator', password: this.#passwordOf('operator') });
  }

  #send(port: number, command: readonly string[], login: Omit<RedisSettings, 'url'>): Promise<unknown> {
    const ca = this.tls && readFileSync(this.tls.caFile, 'utf8');
    return sendOnce({ url: `${this.#scheme}://127.0.0.1:${port}`, ...login, ca }, command, ASK_MS);
  }
}

function asOption(word: string, i: number): string {
  return i % 2 === 0 ? `--${word}` : word;
}

function pairs(words: readonly string[]): string[] {
  return words.flatMap((word, i) => (i % 2 === 0 ? [`${word} ${words[i + 1] ?? ''}`] : []));
}
