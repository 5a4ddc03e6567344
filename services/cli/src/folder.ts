import { readdir, readlink, stat } from 'node:fs/promises';
import type { BigIntStats, Dirent } from 'node:fs';
import { join } from 'node:path';
import { FileError } from './exit-codes.js';
import { reasonOf, systemCode } from './file-errors.js';
import { identity } from './target.js';

/** The contents of a folder for `--each`. Paths are relative to it. */
export interface Listing {
  /** Regular files and links to them, sorted. */
  readonly files: readonly string[];
  /** Entries that cannot be processed, such as broken links, devices and sockets, each with the reason. */
  readonly unusable: ReadonlyMap<string, string>;
  /** Folders that are not read, each with the reason. Their files are listed elsewhere, or are results. */
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * Lists a folder with its subfolders. Links are followed, but each folder is read only once. This ends loops, and keeps links
 * from multiplying the work. If `outDir` is inside the folder, it is not read.
 */
export async function listFolder(folder: string, outDir: string): Promise<Listing> {
  const walk = new Walk(folder);
  await walk.exclude(outDir, 'the results are written to it');
  await walk.run();
  return { files: walk.files.sort(), unusable: walk.unusable, skipped: walk.skipped };
}

class Walk {
  readonly files: string[] = [];
  readonly unusable = new Map<string, string>();
  readonly skipped = new Map<string, string>();
  /** The reason not to read a folder again, by its identity. */
  readonly #closed = new Map<string, string>();
  /** Links to folders are read after all real folders, so that a file gets its real path if it has one. */
  readonly #linked: string[] = [];

  constructor(private readonly root: string) {}

  async exclude(folder: string, reason: string): Promise<void> {
    const key = identity(await stat(folder, { bigint: true }).catch(() => undefined));
    if (key !== undefined) this.#closed.set(key, reason);
  }

  async run(): Promise<void> {
    for (let next: string | undefined = ''; next !== undefined; next = this.#linked.shift()) await this.#read(next);
  }

  async #read(folder: string): Promise<void> {
    const path = join(this.root, folder);
    const key = identity(await this.#stat(path));
    const closed = key === undefined ? undefined : this.#closed.get(key);
    if (closed !== undefined) {
      this.skipped.set(folder, closed);
      return;
    }
    if (key !== undefined) this.#closed.set(key, `it is the same folder as "${folder || '.'}"`);
    for (const entry of await readEntries(path)) await this.#take(join(folder, entry.name), entry);
  }

  async #take(name: string, entry: Dirent): Promise<void> {
    if (entry.isDirectory()) await this.#read(name);
    else if (entry.isFile()) this.files.push(name);
    else if (entry.isSymbolicLink()) await this.#follow(name);
    else this.unusable.set(name, 'is not a regular file');
  }

  async #follow(name: string): Promise<void> {
    const path = join(this.root, name);
    try {
      const facts = await stat(path);
      if (facts.isDirectory()) this.#linked.push(name);
      else if (facts.isFile()) this.files.push(name);
      else this.unusable.set(name, 'is a link to something that is not a regular file');
    } catch (thrown) {
      const why = systemCode(thrown) === 'ELOOP' ? 'in a loop' : `to "${await readlink(path)}", which cannot be read`;
      this.unusable.set(name, `is a broken symbolic link ${why}`);
    }
  }

  async #stat(path: string): Promise<BigIntStats> {
    return stat(path, { bigint: true }).catch((thrown: unknown) => {
      throw unreadable(path, thrown);
    });
  }
}

async function readEntries(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

function unreadable(path: string, thrown: unknown): FileError {
  return new FileError(
    'input',
    `"${path}" cannot be read as a folder: ${reasonOf(thrown)}. Name an existing folder.`,
    thrown,
  );
}
