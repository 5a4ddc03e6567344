import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileError } from './exit-codes.js';
import type { Target } from './target.js';
import { systemCode } from './file-errors.js';

type FileTarget = Extract<Target, { kind: 'file' }>;

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** A result that is being written. It is in a private folder with a random name, beside the file that it will replace. */
export class PartialFile {
  private constructor(
    private readonly target: FileTarget,
    private readonly folder: string,
    private readonly handle: FileHandle,
    /** The file to write to. */
    readonly path: string,
  ) {}

  /** Creates a file that only this user can access. Throws a system error if the folder cannot be written to. */
  static async create(target: FileTarget): Promise<PartialFile> {
    const folder = join(dirname(target.path), `.pdf-tools-${randomBytes(16).toString('hex')}`);
    await mkdir(folder, { mode: 0o700 });
    try {
      const path = join(folder, 'partial.pdf');
      const handle = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      return new PartialFile(target, folder, handle, path);
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true });
      throw thrown;
    }
  }

  /** Returns true for a system error about this file or its folder. */
  isAbout(thrown: unknown): boolean {
    return thrown instanceof Error && 'path' in thrown && String(thrown.path).startsWith(this.folder);
  }

  /** Replaces the target in one step, and keeps its owner and mode. */
  async publish(): Promise<void> {
    await this.#refuseExchanged();
    const { facts } = this.target;
    if (facts) await this.#takeOwner(facts);
    await this.handle.chmod(facts ? Number(facts.mode) & 0o777 : 0o666 & ~currentUmask());
    await this.handle.sync();
    await rename(this.path, this.target.path);
  }

  /** Closes the file, and removes it if it was not published. */
  async discard(): Promise<void> {
    await this.handle.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Another program may have replaced either path while the work ran. */
  async #refuseExchanged(): Promise<void> {
    const [mine, written] = [await this.handle.stat(), await lstat(this.path)];
    if (mine.ino !== written.ino || mine.dev !== written.dev) {
      throw new FileError(
        'output',
        `"${this.target.name}" cannot be written: another program changed "${this.folder}".`,
      );
    }
    const now = await lstat(this.target.path).catch((thrown: unknown) => {
      if (systemCode(thrown) === 'ENOENT') return undefined;
      throw thrown;
    });
    if (now && !now.isFile()) {
      throw new FileError('output', `"${this.target.name}" cannot be written: it is no longer a regular file.`);
    }
  }

  async #takeOwner({ uid, gid }: BigIntStats): Promise<void> {
    const mine = await this.handle.stat({ bigint: true });
    if (mine.uid === uid && mine.gid === gid) return;
    try {
      await this.handle.chown(Number(uid), Number(gid));
    } catch (thrown) {
      // Only root may change the owner. Otherwise the result belongs to the caller, as after `mv`.
      if (systemCode(thrown) !== 'EPERM') throw thrown;
    }
  }
}

/** Node can read the umask only by setting it. */
function currentUmask(): number {
  const mask = process.umask(0o077);
  process.umask(mask);
  return mask;
}
