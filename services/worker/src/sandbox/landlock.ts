import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QPDF } from '@pdf-tools/operations/process/repair';
import type { Slot } from '../slot.js';

/** What a process may access. Everything else is refused, also through a path that starts here. */
export interface FileAccess {
  /** Files to read, and folders to read with all that they contain. */
  readonly read: readonly string[];
  /** Files and folders to write. In a folder, files may be made, renamed and removed. */
  readonly write: readonly string[];
  /** Programs to start. A program needs its loader here too. */
  readonly execute: readonly string[];
}

/** Loaders of the C libraries that Node is built for. */
const LOADERS = [
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-aarch64.so.1',
];
const LIBRARIES = ['/usr/lib', '/lib', '/etc/ld.so.cache'];
/** Fonts for text of SVG files and titles, and the configuration by which fontconfig finds them. */
const FONTS = ['/usr/share/fonts', '/usr/local/share/fonts', '/etc/fonts', '/usr/share/fontconfig'];
/** setpriv's names for the rights of landlock(7). A file takes no rights of folders. */
const READ = { file: ['read-file'], folder: ['read-file', 'read-dir'] };
/** Without `refer` no file can be linked or moved between folders, so that no input gets into `out`. */
const WRITE = {
  file: ['read-file', 'write-file'],
  folder: [...READ.folder, 'write-file', 'truncate', 'make-reg', 'make-dir', 'remove-file', 'remove-dir'],
};
const EXECUTE = { file: ['read-file', 'execute'], folder: ['read-file', 'execute'] };

/**
 * Returns what a child process needs: the code that `entry` is part of, Node with the libraries that it loads, fonts, and
 * its slot. It reaches no secrets, no other process's files and nothing else on the volume.
 */
export function childAccess(entry: URL, { in: inputs, out, scratch }: Slot): FileAccess {
  return {
    read: [...codeFolders(entry), ...LIBRARIES, ...FONTS, inputs],
    write: [out, scratch, '/dev/null'],
    execute: [process.execPath, ...LOADERS],
  };
}

/** Returns what qpdf needs to repair a file of a slot. */
export function repairAccess({ in: inputs, scratch }: Slot): FileAccess {
  return { read: [...LIBRARIES, inputs], write: [scratch, '/dev/null'], execute: [QPDF, ...LOADERS] };
}

/**
 * Returns the arguments of setpriv that confine a process to `access`. Paths that do not exist are left out, because
 * setpriv refuses them.
 */
export function landlockArguments({ read, write, execute }: FileAccess): string[] {
  return [
    '--landlock-access',
    'fs',
    ...rules(read, READ),
    ...rules(write, WRITE),
    ...rules(execute, EXECUTE),
    // Its own entry: setpriv becomes the program that it starts and keeps its process id.
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

/** Returns the package of a module, and the modules and packages that it or this program can import. */
function codeFolders(entry: URL): string[] {
  const module = fileURLToPath(entry);
  // A module that a test brings along is outside the folder of the program.
  const folders = new Set([module, fileURLToPath(import.meta.url)].flatMap((path) => ancestors(path)));
  const names = ['services', 'node_modules', 'package.json'];
  const home = ancestors(module).find((folder) => existsSync(join(folder, 'package.json'))) ?? dirname(module);
  return [home, ...[...folders].flatMap((folder) => names.map((name) => join(folder, name)))];
}

/** Returns the folders above a path, the nearest first. */
function ancestors(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...ancestors(folder)];
}
