import { rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Headroom } from '@pdf-tools/jobs/admission';
import type { Backlog, JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';
import { reserveOf } from './upload/disk-budget.js';

/** How long findings are valid, in milliseconds. */
const FRESH_MS = 1_000;
/** From this age on a new check starts while the findings are still valid, because a check is slow under load. */
const RENEWED_MS = 500;

const NO_BACKLOG: Backlog = { queued: 0, active: 0, bytes: 0, msPerJob: undefined };

/** The state of Redis, the disk, the file storage and the workers. */
export interface Findings {
  readonly redis: boolean;
  readonly disk: boolean;
  /** Number of live workers. */
  readonly workers: number;
  readonly backlog: Backlog;
  readonly headroom: Headroom;
  /** Whether the file storage answers. */
  readonly storage: boolean;
  /** The free space is below the reserve, so uploads are refused. */
  readonly diskFull: boolean;
}

export interface HealthDeps {
  readonly store: Pick<JobStore, 'backlog' | 'headroom' | 'liveWorkers'>;
  readonly storage: Pick<Storage, 'space' | 'check'>;
  readonly dataDir: string;
  /** 0 for the larger of 1 GiB and 5 % of the volume. */
  readonly reserveBytes: number;
  readonly log: Logger;
}

/** Checks Redis, the disk and the file storage on request, but at most once a second. */
export class Health {
  #findings: Findings | undefined;
  #foundAt = -Infinity;
  #checking: Promise<Findings> | undefined;

  constructor(private readonly deps: HealthDeps) {}

  /** Findings that are at most a second old, or undefined if `check` must be awaited. */
  get fresh(): Findings | undefined {
    const age = performance.now() - this.#foundAt;
    if (age >= FRESH_MS) return undefined;
    if (age >= RENEWED_MS) this.#checking ??= this.#checkNow();
    return this.#findings;
  }

  /** Resolves with findings that are at most a second old. Never rejects. */
  check(): Promise<Findings> {
    const { fresh } = this;
    if (fresh) return Promise.resolve(fresh);
    return (this.#checking ??= this.#checkNow());
  }

  async #checkNow(): Promise<Findings> {
    const begun = performance.now();
    const checks = [this.#checkRedis(), this.#checkDisk(), this.#checkStorage()] as const;
    const [queue, disk, storage] = await Promise.all(checks);
    this.#findings = { ...queue, ...disk, storage };
    this.#foundAt = begun;
    this.#checking = undefined;
    return this.#findings;
  }

  async #checkRedis(): Promise<Pick<Findings, 'redis' | 'workers' | 'backlog' | 'headroom'>> {
    const { store, log } = this.deps;
    try {
      const reads = [store.liveWorkers(), store.backlog(), store.headroom()] as const;
      const [workers, backlog, headroom] = await Promise.all(reads);
      return { redis: true, workers, backlog, headroom };
    } catch (error) {
      log.debug('redis check failed', { error });
      return { redis: false, workers: 0, backlog: NO_BACKLOG, headroom: { memoryShare: 0, clients: new Map() } };
    }
  }

  async #checkStorage(): Promise<boolean> {
    const { storage, log } = this.deps;
    try {
      await storage.check();
      return true;
    } catch (error) {
      log.debug('storage check failed', { error });
      return false;
    }
  }

  async #checkDisk(): Promise<Pick<Findings, 'disk' | 'diskFull'>> {
    const { dataDir, storage, reserveBytes, log } = this.deps;
    const probe = join(dataDir, `.health-${randomUUID()}`);
    try {
      const [space] = await Promise.all([storage.space(), writeFile(probe, 'x').then(() => rm(probe))]);
      return { disk: true, diskFull: space.free < reserveOf(space, reserveBytes) };
    } catch (error) {
      log.debug('disk check failed', { error });
      return { disk: false, diskFull: true };
    }
  }
}
