import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobStore } from '@pdf-tools/jobs/store';
import { LANES } from '@pdf-tools/jobs/lanes';
import { createLogger } from '@pdf-tools/runtime/logger';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import type { Redis } from '@pdf-tools/runtime/redis';
import { VolumeStorage } from '@pdf-tools/runtime/volume';
import { freePort } from './ports.js';
import { TestProcess, eventually } from './processes.js';
import { TestRedis } from './redis.js';

/** An ID that no job has. */
const UNKNOWN_JOB = '0'.repeat(40);

export type ServiceName = 'api' | 'worker' | 'scheduler';

/** The product as processes on this host, with its own Redis and data folder. Each service logs in as its own user. */
export class TestStack {
  readonly processes = new Map<string, TestProcess>();
  readonly storage: VolumeStorage;
  readonly store: JobStore;

  private constructor(
    readonly folder: string,
    readonly server: TestRedis,
    readonly apiPort: number,
    readonly redis: Redis,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.storage = new VolumeStorage(folder);
    this.store = new JobStore(redis);
  }

  /** Starts Redis and the named services. Resolves when all are ready. */
  static async start(services: readonly ServiceName[], env: Readonly<Record<string, string>> = {}): Promise<TestStack> {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
    const [redisPort, apiPort] = [await freePort(), await freePort()];
    const server = new TestRedis(redisPort, folder);
    const redisProcess = server.start();
    const redis = createRedis(server.settingsOf('operator'), createLogger({ service: 'test', level: 'error' }));
    await connectRedis(redis);
    const stack = new TestStack(folder, server, apiPort, redis, {
      DATA_DIR: folder,
      PORT: String(apiPort),
      RATE_LIMIT: 'off',
      WORKER_CONCURRENCY: '2',
      ...env,
    });
    stack.processes.set('redis', redisProcess);
    stack.storage.prepare();
    try {
      await Promise.all(services.map((service) => stack.startService(service)));
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  get redisPort(): number {
    return this.server.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.apiPort}`;
  }

  process(name: string): TestProcess {
    const found = this.processes.get(name);
    if (!found) throw new Error(`no process called ${name}`);
    return found;
  }

  /** `under` is a command that runs the service as its own, such as strace with its options. */
  async startService(
    service: ServiceName,
    under: readonly string[] = [],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<TestProcess> {
    const main = new URL(`../../../services/${service}/dist/main.js`, import.meta.url).pathname;
    const env = {
      ...this.server.environmentOf(service),
      ...this.env,
      HEARTBEAT_FILE: join(this.folder, `${service}.heartbeat`),
      ...settings,
    };
    const [command, ...args] = [...under, process.execPath, main];
    const started = new TestProcess(service, command, args, env);
    this.processes.set(service, started);
    const ready = eventually(
      async () => (service === 'api' ? this.#apiReadsJobs() : started.output.includes(`${service} ready`)),
      `${service} ready`,
    );
    const died = started.exited.then((code) => {
      throw new Error(`${service} ended with ${code}: ${started.output}`);
    });
    died.catch(() => undefined);
    await Promise.race([ready, died]);
    return started;
  }

  /** The api answers before it is connected to Redis, but then with 503 for every job. */
  async #apiReadsJobs(): Promise<boolean> {
    return (await fetch(`${this.url}/api/jobs/${UNKNOWN_JOB}`)).status !== 503;
  }

  async restartRedis(): Promise<void> {
    this.processes.set('redis', this.server.start());
    await eventually(async () => (await this.redis.ping()) === 'PONG', 'redis');
  }

  /** Claims jobs as a worker does until it has this one. */
  async claim(id: string, leaseMs = 60_000): Promise<void> {
    for (;;) {
      const { claim: job } = await this.store.claim({ worker: 'test', leaseMs, lanes: LANES });
      if (typeof job !== 'object') throw new Error(`${id} does not wait`);
      if (job.id === id) return;
    }
  }

  /** Paths of all files in uploads/ and temp/, or of those of one job. */
  async filesOf(id = ''): Promise<string[]> {
    const trees = await Promise.all(
      [this.storage.uploads, this.storage.temp].map((area) => readdir(area, { recursive: true, withFileTypes: true })),
    );
    const files = trees.flat().filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => path.includes(id));
  }

  async stop(): Promise<void> {
    this.redis.destroy();
    const { redis, ...services } = Object.fromEntries(this.processes);
    await Promise.all(Object.values(services).map((each) => each.stop()));
    await redis?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
