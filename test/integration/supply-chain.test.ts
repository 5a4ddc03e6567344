import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { olderThan, productionPackages, unlicensed } from '@pdf-tools/harness/supply-chain';
import type { LockedPackage } from '@pdf-tools/harness/supply-chain';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const packages = productionPackages(ROOT);

function made(name: string, license: string, version = '1.0.0'): LockedPackage {
  return { name, license, version, folder: '' };
}

describe('the production dependencies', () => {
  it('have licences that allow distribution with this product', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(unlicensed(packages)).toEqual([]);
  });

  it.each(['GPL-3.0-only', 'AGPL-3.0-or-later', 'LGPL-3.0-or-later', 'MIT AND GPL-2.0-only', 'unknown', 'UNLICENSED'])(
    'must not include a package under %s',
    (license) => {
      expect(unlicensed([made('x', license)])).toEqual([`x@1.0.0: ${license}`]);
    },
  );

  it('may include a choice of licences, and the LGPL only for libraries in files of their own', () => {
    expect(unlicensed([made('x', '(GPL-2.0-only OR MIT)'), made('y', '(MIT AND Zlib)')])).toEqual([]);
    expect(unlicensed([made('@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later')])).toEqual([]);
    expect(unlicensed([made('libheif-js', 'LGPL-3.0')])).toEqual([]);
  });

  it.each([
    ['multer', '2.3.0'],
    ['sharp', '0.35.3'],
    ['express', '5.0.0'],
  ])('include %s only in version %s or later, which fixes vulnerabilities', (name, minimum) => {
    expect(packages.filter((each) => each.name === name).length).toBeGreaterThan(0);
    expect(olderThan(packages, name, minimum)).toEqual([]);
    expect(olderThan([made(name, 'MIT', '0.34.9')], name, minimum)).toEqual(['0.34.9']);
  });

  it('have exact versions', () => {
    const services = readdirSync(`${ROOT}services`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(services.length).toBeGreaterThan(0);
    for (const { name } of services) {
      const manifest = JSON.parse(readFileSync(`${ROOT}services/${name}/package.json`, 'utf8')) as {
        dependencies: Record<string, string>;
      };
      for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});
