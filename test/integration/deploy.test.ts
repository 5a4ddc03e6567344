import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const SCRIPTS = fileURLToPath(new URL('../../../scripts', import.meta.url));
const IS_ROOT = process.getuid?.() === 0;
/** No user of this machine has this ID. */
const BUILDER = 54_321;

/** Replaces both programs of a release. Prints the folder it runs in, with which owners and modes. */
const PROGRAM = `#!/bin/sh
folder=$(cd "$(dirname "$0")/.." && pwd)
echo "ran $folder $(stat -c %u:%a "$folder") $(stat -c %u:%a "$0") $(stat -c %u:%a "$folder/VERSION")"
`;

let folder = '';
const below = (...names: string[]): string => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pdf-tools-deploy-'));
  mkdirSync(below('bin'));
  // This machine is the server: like sshd, ssh passes the words to a shell, and sudo runs its command as the same user.
  writeFileSync(below('bin', 'ssh'), `#!/bin/sh\necho call >>${below('calls')}\nshift\nexec sh -c "$*"\n`);
  writeFileSync(below('bin', 'sudo'), '#!/bin/sh\nshift\nexec "$@"\n');
  for (const name of ['ssh', 'sudo']) chmodSync(below('bin', name), 0o755);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Makes a release, changed by `spoil` after its checksums were written, and packs it as another user. */
function makeRelease(spoil: (root: string) => void = () => undefined): string {
  const root = below('pdf-tools-9');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  writeFileSync(join(root, 'VERSION'), '9\n');
  for (const name of ['update.sh', 'install-server.sh'])
    writeFileSync(join(root, 'scripts', name), PROGRAM, { mode: 0o777 });
  const sums = execFileSync('sh', ['-c', 'find . -type f | sort | xargs sha256sum'], { cwd: root });
  writeFileSync(join(root, 'SHA256SUMS'), sums);
  spoil(root);
  const owner = ['--owner', String(BUILDER), '--group', String(BUILDER), '--mode', 'a+rwx'];
  execFileSync('tar', [...owner, '-C', folder, '-cf', below('pdf-tools-9.tar'), 'pdf-tools-9']);
  return below('pdf-tools-9.tar');
}

function run(
  script: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const path = `${below('bin')}:${process.env.PATH ?? ''}`;
  return new Promise((resolve) => {
    execFile(join(SCRIPTS, script), args, { env: { ...env, PATH: path } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const deploy = (release: string) => run('deploy.sh', { HOST: 'root@server', RELEASE: release });
const leftBehind = (): string[] => readdirSync('/var/tmp').filter((name) => name.startsWith('pdf-tools'));

const UNPACKED = new RegExp(`ran (/var/tmp/pdf-tools\\.[A-Za-z0-9]+) (\\d+):700 (\\d+):700 (\\d+):[67]00`);

describe('deploy.sh', () => {
  it('unpacks into a private folder of the remote user, and removes it', async () => {
    const before = leftBehind();
    const { code, stdout } = await deploy(makeRelease());
    expect(code).toBe(0);
    const [, place = '', ...owners] = UNPACKED.exec(stdout) ?? [];
    expect(owners.map(Number)).toEqual([process.getuid?.(), process.getuid?.(), process.getuid?.()]);
    expect(existsSync(place)).toBe(false);
    expect(leftBehind()).toEqual(before);
  });

  it.each([
    [
      'a changed file',
      (root: string) => {
        writeFileSync(join(root, 'scripts', 'update.sh'), '#!/bin/sh\necho ran evil\n');
      },
    ],
    [
      'a file that has no checksum',
      (root: string) => {
        writeFileSync(join(root, 'scripts', 'lib.sh'), 'echo ran evil\n');
      },
    ],
    [
      'a missing file',
      (root: string) => {
        rmSync(join(root, 'VERSION'));
      },
    ],
    [
      'no checksums',
      (root: string) => {
        rmSync(join(root, 'SHA256SUMS'));
      },
    ],
  ])('runs nothing of a release with %s', async (_what, spoil) => {
    const before = leftBehind();
    const { code, stdout, stderr } = await deploy(makeRelease(spoil));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/error: (the release is damaged|this is no release)/);
    expect(leftBehind()).toEqual(before);
  });

  it('sends nothing if the file does not match the checksum stored beside it', async () => {
    const release = makeRelease();
    writeFileSync(`${release}.sha256`, `${'0'.repeat(64)}  pdf-tools-9.tar\n`);
    const { code, stderr } = await deploy(release);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is damaged')]);
    expect(existsSync(below('calls'))).toBe(false);
    execFileSync('sh', ['-c', 'sha256sum pdf-tools-9.tar >pdf-tools-9.tar.sha256'], { cwd: folder });
    expect((await deploy(release)).code).toBe(0);
    expect(readFileSync(below('calls'), 'utf8')).toContain('call');
  });
});

// It refuses to run for other users.
(IS_ROOT ? describe : describe.skip)('update.sh with a release', () => {
  it('unpacks it into a private folder of root', async () => {
    const { code, stdout } = await run('update.sh', { RELEASE: makeRelease() });
    expect([code, stdout]).toEqual([0, expect.stringMatching(UNPACKED)]);
    expect(UNPACKED.exec(stdout)?.slice(2)).toEqual(['0', '0', '0']);
  });

  it('runs nothing of a damaged one', async () => {
    const spoil = (root: string): void => {
      writeFileSync(join(root, 'scripts', 'update.sh'), '#!/bin/sh\necho ran evil\n');
    };
    const { code, stdout } = await run('update.sh', { RELEASE: makeRelease(spoil) });
    expect([code, stdout]).toEqual([1, '']);
  });
});

describe('server-settings.sh', () => {
  const STACK = 'docker-compose.yml:docker-compose.prod.yml:compose/release.yml';
  const apply = (env: string) => {
    writeFileSync(below('.env'), env, { mode: 0o640 });
    return run('server-settings.sh', { SETTINGS_DIR: folder }, ['pdf.example.org']);
  };
  const settings = (): string => readFileSync(below('.env'), 'utf8');

  it('derives COMPOSE_FILE from MONITORING and HTTP3, and keeps the files and lines of the operator', async () => {
    const own = `SERVER_NAME=a.example\nMONITORING=on\nHTTP3=on\nCOMPOSE_FILE=${STACK}:/etc/pdf-tools/own.yml\n`;
    expect(await apply(own)).toMatchObject({ code: 0 });
    const files = `${STACK}:compose/monitoring.yml:compose/http3.yml:/etc/pdf-tools/own.yml`;
    expect(settings()).toBe(`SERVER_NAME=a.example\nMONITORING=on\nHTTP3=on\nCOMPOSE_FILE=${files}\n`);
    expect(await apply(settings().replaceAll('=on', '=off'))).toMatchObject({ code: 0 });
    expect(settings()).toContain(`COMPOSE_FILE=${STACK}:/etc/pdf-tools/own.yml\n`);
  });

  it('refuses another value, and changes nothing', async () => {
    const wrong = `SERVER_NAME=a.example\nMONITORING=yes\nCOMPOSE_FILE=${STACK}\n`;
    expect(await apply(wrong)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MONITORING must be on or off'),
    });
    expect(settings()).toBe(wrong);
  });
});

describe('install-server.sh --dry-run', () => {
  it('lists the steps as sentences in a clone, without root, and changes nothing', async () => {
    const before = existsSync('/opt/pdf-tools');
    const { code, stdout, stderr } = await run('install-server.sh', {}, ['--dry-run']);
    expect([code, stdout]).toEqual([0, '']);
    const steps = stderr.split('\n').filter((line) => line.startsWith('  - '));
    expect(steps.length).toBeGreaterThan(20);
    expect(steps).toContainEqual(expect.stringMatching(/^ {2}- copy the release to .*this folder is a clone/));
    // Names of shell functions have underscores.
    for (const step of steps) expect(step).toMatch(/^ {2}- [a-z]+ (?!.*\b(write|own|remember|apt)_)/);
    expect(existsSync('/opt/pdf-tools')).toBe(before);
  });
});
