import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { Logger } from './logger.js';
import type { HostPort } from './redis-config.js';
import type { Encryption } from './redis.js';

const CONNECT_MS = 5_000;
const RETRY_MS = 500;
/** Time between two checks whether the open connections lead to the current primary. */
const CHECK_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;

export interface PrimarySource {
  /** Returns the address of the current primary. Rejects if it is unknown. */
  readonly findPrimary: () => Promise<HostPort>;
  /** Undefined for connections without TLS. */
  readonly tls: Encryption | undefined;
}

interface Connection {
  readonly address: string;
  readonly close: () => void;
}

/**
 * Listens on a Unix socket that only this process's user can open, and connects each client to the primary of Redis. A
 * client waits until there is a primary. When another server becomes the primary, its connections are closed, so that the
 * clients connect again.
 */
export class PrimaryForwarder {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #primary = '';
  #search: Promise<HostPort> | undefined;

  constructor(
    private readonly source: PrimarySource,
    private readonly log: Logger,
  ) {
    this.#server = createServer({ pauseOnConnect: true }, (client) => {
      this.#forward(client).catch((error: unknown) => {
        log.error('redis connection not forwarded', { error });
        client.destroy();
      });
    });
  }

  /** Returns the path of the socket. Neither it nor its checks keep the process running. */
  async listen(): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'pdf-tools-redis-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    const path = join(folder, 'primary.sock');
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    this.#server.unref();
    setInterval(() => void this.#closeStale(), CHECK_MS).unref();
    return path;
  }

  async #forward(client: Socket): Promise<void> {
    // Without a listener, the error of a client that goes away would end the process.
    client.on('error', () => undefined);
    const primary = await this.#connect(client);
    if (!primary) return;
    const close = (): void => {
      client.destroy();
      primary.socket.destroy();
      this.#connections.delete(connection);
    };
    const connection = { address: primary.address, close };
    this.#connections.add(connection);
    for (const socket of [client, primary.socket]) socket.on('close', close);
    if (client.destroyed || primary.socket.destroyed) close();
    primary.socket.pipe(client);
    client.pipe(primary.socket);
  }

  /** Repeats until the primary is connected. Returns undefined if the client has gone meanwhile. */
  async #connect(client: Socket): Promise<{ readonly socket: Socket; readonly address: string } | undefined> {
    while (!client.destroyed) {
      try {
        const primary = await this.#findPrimary();
        const socket = await this.#open(primary);
        return { socket, address: this.#report(primary) };
      } catch (error) {
        this.log.warn('redis primary not reached', { error });
        await sleep(RETRY_MS);
      }
    }
    return undefined;
  }

  /** Clients that connect at the same time share one search. */
  #findPrimary(): Promise<HostPort> {
    this.#search ??= this.source.findPrimary().finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  #report({ host, port }: HostPort): string {
    const address = `${host} ${port}`;
    if (address !== this.#primary) this.log.info('redis primary found', { host, port });
    this.#primary = address;
    return address;
  }

  #open({ host, port }: HostPort): Promise<Socket> {
    const options = { host, port, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS, noDelay: true };
    const { tls } = this.source;
    const socket = tls ? connectTls({ ...options, ...tls }) : connect(options);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy(new Error(`no connection to ${host}:${port} within ${CONNECT_MS} ms`));
      }, CONNECT_MS);
      socket.on('error', reject);
      socket.once('close', () => {
        clearTimeout(timer);
      });
      socket.once(tls ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        resolve(socket);
      });
    });
  }

  /** Closes connections to a server that is no longer the primary but has not closed them. */
  async #closeStale(): Promise<void> {
    if (this.#connections.size === 0) return;
    try {
      const address = this.#report(await this.#findPrimary());
      for (const connection of this.#connections) if (connection.address !== address) connection.close();
    } catch (error) {
      this.log.debug('redis primary not checked', { error });
    }
  }
}
