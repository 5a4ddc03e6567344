import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package as the lock file has it, with the folder that it is installed in. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly license: string;
}

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

const ALLOWED = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Zlib']);
/** SPDX identifiers of the LGPL, of which the last is an old form. */
const LGPL = ['LGPL-3.0-only', 'LGPL-3.0-or-later', 'LGPL-3.0'];
/** libvips and libheif are under the LGPL, which allows libraries in replaceable files that are loaded at run time. */
const LGPL_LIBRARIES = ['@img/sharp-libvips-', 'libheif-js'];
/** Its manifest names no SPDX licence. It is that of Bitstream Vera, which allows redistribution and embedding. */
const FONT = 'dejavu-fonts-ttf';
/**
 * Parts of sharp for FreeBSD and browsers, which contain the library. The test of the images checks that none has them.
 */
const OTHER_PLATFORMS = '@img/sharp-wasm32';

/** Everything that production installs on Linux or macOS, amd64 or arm64. */
export function productionPackages(root: string): LockedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return Object.entries(lock.packages).flatMap(([folder, entry]) => {
    const name = folder.split('node_modules/').at(-1) ?? '';
    if (!folder.includes('node_modules/') || entry.dev || entry.link || !runsHere(entry)) return [];
    if (name === OTHER_PLATFORMS) return [];
    const license = entry.license ?? licenseOf(join(root, folder));
    return [{ name, version: entry.version ?? '', folder, license }];
  });
}

/** Packages whose licence does not let them be delivered with this product, each with it. */
export function unlicensed(packages: readonly LockedPackage[]): string[] {
  return packages
    .filter(
      ({ name, license }) =>
        name !== FONT &&
        !isAllowed(
          license,
          LGPL_LIBRARIES.some((prefix) => name.startsWith(prefix)),
        ),
    )
    .map(({ name, version, license }) => `${name}@${version}: ${license}`);
}

/** Versions of a package that are older than `minimum`, both as three numbers. */
export function olderThan(packages: readonly LockedPackage[], name: string, minimum: string): string[] {
  return packages
    .filter((each) => each.name === name)
    .map(({ version }) => version)
    .filter((version) => version.localeCompare(minimum, 'en', { numeric: true }) < 0);
}

function runsHere({ os, cpu }: LockEntry): boolean {
  const named = (words: readonly string[] | undefined, ...ours: readonly string[]): boolean =>
    words === undefined || ours.some((word) => words.includes(word));
  return named(os, 'linux', 'darwin') && named(cpu, 'x64', 'arm64');
}

/** Whether an SPDX expression without nesting is allowed. An unknown expression is not. */
function isAllowed(license: string, lgplToo: boolean): boolean {
  const expression = license.replace(/^\((.*)\)$/, '$1');
  const fits = (id: string): boolean => ALLOWED.has(id) || (lgplToo && LGPL.includes(id));
  return expression.split(' OR ').some((choice) => choice.split(' AND ').every(fits));
}

/** Old packages have a list of licences that the lock file does not take over. */
function licenseOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    license?: string;
    licenses?: readonly { type: string }[];
  };
  return manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' AND ') ?? 'unknown';
}
