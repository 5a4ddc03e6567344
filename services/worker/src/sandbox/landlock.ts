import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a child process may touch; all that is not named is out of its reach, also by a path through it. */
export interface FileAccess {
  /** Files, and folders with all that is in them, that are read. */
  readonly read: readonly string[];
  /** Folders below which files are also written, made, renamed and removed. */
  readonly write: readonly string[];
  /** Programs. Whoever starts one needs its loader here too. */
  readonly execute: readonly string[];
}

const APP = fileURLToPath(new URL('../../../../', import.meta.url));
/** The loaders of the C libraries that Node is built for. */
const LOADERS = [
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-aarch64.so.1',
];
/** What repairs a PDF that the engine cannot read, within limits of its own. */
const REPAIR = ['/usr/bin/qpdf', '/usr/bin/prlimit'];
/** setpriv's words for the rights of landlock(7). Those of folders alone are refused for a file. */
const READ = { file: ['read-file'], folder: ['read-file', 'read-dir'] };
const WRITE = {
  file: ['read-file', 'write-file'],
  folder: [...READ.folder, 'write-file', 'truncate', 'make-reg', 'make-dir', 'remove-file', 'remove-dir', 'refer'],
};
const EXECUTE = { file: ['read-file', 'execute'], folder: ['read-file', 'execute'] };

/**
 * What the operations need: the code that `entry` is part of, Node with the libraries it loads, the uploads; `temp` and
 * the folder for temporary files to write to. No /etc, no /run with its secrets, nothing of other processes.
 */
export function accessOf(entry: URL, folders: { uploads: string; temp: string; scratch: string }): FileAccess {
  const code = ['services', 'node_modules', 'package.json'].map((name) => join(APP, name));
  return {
    read: [...code, packageFolder(fileURLToPath(entry)), '/usr/lib', '/lib', '/etc/ld.so.cache', folders.uploads],
    write: [folders.temp, folders.scratch, '/dev/null'],
    execute: [process.execPath, ...LOADERS, ...REPAIR],
  };
}

/**
 * The arguments of setpriv that leave a process `access` and nothing else of the file system. Paths that do not exist
 * are left out: there is nothing to reach, and setpriv refuses them.
 */
export function landlockArguments({ read, write, execute }: FileAccess): string[] {
  return [
    '--landlock-access',
    'fs',
    ...rules(read, READ),
    ...rules(write, WRITE),
    ...rules(execute, EXECUTE),
    // Its own entry: setpriv becomes the program it starts and keeps its process id.
    '--landlock-rule',
    `path-beneath:${READ.folder.join()}:/proc/self`,
  ];
}

function rules(paths: readonly string[], rights: { readonly file: string[]; readonly folder: string[] }): string[] {
  const existing = new Set(paths.filter((path) => existsSync(path)).map((path) => realpathSync(path)));
  return [...existing].flatMap((path) => {
    const granted = statSync(path).isDirectory() ? rights.folder : rights.file;
    return ['--landlock-rule', `path-beneath:${granted.join()}:${path}`];
  });
}

/** The folder of the package that a module belongs to. */
function packageFolder(path: string): string {
  const folder = dirname(path);
  return folder === path || existsSync(join(folder, 'package.json')) ? folder : packageFolder(folder);
}
