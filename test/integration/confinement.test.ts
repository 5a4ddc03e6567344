import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import { landlockArguments } from '@pdf-tools/worker/sandbox/landlock';
import { Slot } from '@pdf-tools/worker/slot';
import { launcherOf } from '@pdf-tools/harness/launch';
import type { TestLauncher } from '@pdf-tools/harness/launch';
import type { Findings } from '@pdf-tools/harness/probe-child';
import { probe } from '@pdf-tools/harness/probe';

/** Without util-linux (macOS) there are no limits to see. */
const LIMITS = existsSync('/usr/bin/prlimit') && existsSync('/usr/bin/setpriv');
const MEMORY_MB = 400;

let launcher: TestLauncher;
let child: ChildProcess;
let findings: Findings;
let slot: Slot;
let other: Slot;
let foreign: string[];

beforeAll(async () => {
  launcher = await launcherOf('probe-child', { memoryMb: MEMORY_MB });
  [slot, other] = [Slot.create(launcher.slots), Slot.create(launcher.slots)];
  foreign = [...['uploads', 'temp'].map((name) => join(launcher.folder, name)), other.in, other.out, other.scratch];
  for (const folder of [slot.in, ...foreign]) writeFileSync(join(folder, '0'), 'x');
  child = new ChildProcess(launcher.start(slot));
  findings = await probe(child, {
    read: [join(slot.in, '0'), ...foreign.map((folder) => join(folder, '0')), '/etc/passwd'],
    list: [slot.in, slot.out, ...foreign],
    write: [slot.in, slot.out, slot.scratch, ...foreign, launcher.folder],
    link: [[join(slot.in, '0'), join(slot.out, '0')]],
  });
});
afterAll(() => {
  child.kill();
  launcher.close();
});

it('refuses to start children if the system call filter does not exist', async () => {
  await expect(launcherOf('probe-child', { syscallFilter: '/no/such/filter' })).rejects.toThrow(/CHILD_SYSCALL_FILTER/);
});

describe('a child process', () => {
  it('knows nothing of the environment but what it needs', () => {
    expect(Object.keys(findings.environment).sort()).toEqual([
      'MALLOC_ARENA_MAX',
      'MALLOC_MMAP_THRESHOLD_',
      'MALLOC_TRIM_THRESHOLD_',
      'OPENSSL_CONF',
      'TMPDIR',
    ]);
    expect(findings.environment.TMPDIR).toBe(slot.scratch);
  });

  it('reads its inputs, and writes to its output folder and its folder for temporary files', () => {
    const { results } = findings;
    expect(results[`read ${join(slot.in, '0')}`]).toBe('ok');
    expect(results[`write ${slot.out}`]).toBe('ok');
    expect(results[`write ${slot.scratch}`]).toBe('ok');
  });

  (LIMITS ? it : it.skip)('has limits, and gains no rights', () => {
    expect(findings.limits).toMatchObject({
      'Max core file size': '0',
      'Max open files': '1024',
      'Max file size': String(2 ** 31),
      'Max address space': String((MEMORY_MB + 1_536) * 2 ** 20),
    });
    expect(findings.status.NoNewPrivs).toBe('1');
  });

  it('reaches nothing else if the launcher says that it has Landlock, and only then', () => {
    const refused = launcher.sandbox === 'landlock' ? 'EACCES' : 'ok';
    const { results } = findings;
    expect(results['read /etc/passwd']).toBe(refused);
    for (const folder of foreign) {
      expect([folder, results[`read ${join(folder, '0')}`]]).toEqual([folder, refused]);
      expect([folder, results[`list ${folder}`]]).toEqual([folder, refused]);
      expect([folder, results[`write ${folder}`]]).toEqual([folder, refused]);
    }
    for (const folder of [slot.in, launcher.folder]) expect(results[`write ${folder}`]).toBe(refused);
    const linked = results[`link ${join(slot.in, '0')} to ${join(slot.out, '0')}`];
    expect(linked).toBe(launcher.sandbox === 'landlock' ? 'EXDEV' : 'ok');
  });
});

describe('landlockArguments', () => {
  it('leaves out what does not exist, and gives files no rights of folders', () => {
    const args = landlockArguments({ read: ['/etc/passwd', '/nowhere'], write: ['/tmp'], execute: [] }).join(' ');
    expect(args).toContain('path-beneath:read-file:/etc/passwd');
    expect(args).toMatch(/path-beneath:read-file,read-dir,write-file,[a-z,-]+:\/tmp/);
    expect(args).not.toContain('/nowhere');
    expect(args).not.toContain('refer');
  });
});
