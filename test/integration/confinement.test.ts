import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '@pdf-tools/worker/child-process';
import type { Launcher } from '@pdf-tools/worker/sandbox/launcher';
import { landlockArguments } from '@pdf-tools/worker/sandbox/landlock';
import { launcherOf } from '@pdf-tools/harness/launch';
import type { Findings } from '@pdf-tools/harness/probe-child';
import { probe } from '@pdf-tools/harness/probe';

/** Without util-linux (macOS) there are no limits to see. */
const LIMITS = existsSync('/usr/bin/prlimit') && existsSync('/usr/bin/setpriv');
const MEMORY_MB = 400;

let launcher: Launcher & { readonly folder: string };
let child: Child;
let findings: Findings;
let upload: string;

beforeAll(async () => {
  launcher = await launcherOf('probe-child', { memoryMb: MEMORY_MB });
  upload = join(launcher.folder, 'uploads', '0');
  writeFileSync(upload, 'x');
  writeFileSync(join(launcher.folder, 'foreign'), 'x');
  child = new Child(launcher);
  findings = await probe(child, {
    read: [upload, join(launcher.folder, 'foreign'), '/etc/passwd'],
    write: ['temp', 'uploads', '.'].map((name) => join(launcher.folder, name)).concat(launcher.env.TMPDIR ?? ''),
  });
});
afterAll(() => {
  child.kill('stopped');
  launcher.close();
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
  });

  it('reads uploads and writes to temp and its own folder for temporary files', () => {
    const { results } = findings;
    expect(results[`read ${upload}`]).toBe('ok');
    expect(results[`write ${join(launcher.folder, 'temp')}`]).toBe('ok');
    expect(results[`write ${launcher.env.TMPDIR}`]).toBe('ok');
  });

  (LIMITS ? it : it.skip)('has limits, and gains no rights', () => {
    expect(findings.limits).toMatchObject({
      'Max core file size': '0',
      'Max open files': '1024',
      'Max address space': String((MEMORY_MB + 1_536) * 2 ** 20),
    });
    expect(findings.status.NoNewPrivs).toBe('1');
  });

  it('reaches nothing else where the launcher says that it has Landlock, and only there', () => {
    const refused = launcher.sandbox === 'landlock' ? 'EACCES' : 'ok';
    const { results } = findings;
    expect(results['read /etc/passwd']).toBe(refused);
    expect(results[`read ${join(launcher.folder, 'foreign')}`]).toBe(refused);
    expect(results[`write ${join(launcher.folder, 'uploads')}`]).toBe(refused);
    expect(results[`write ${launcher.folder}`]).toBe(refused);
  });
});

describe('landlockArguments', () => {
  it('leaves out what does not exist, and gives files no rights of folders', () => {
    const args = landlockArguments({ read: ['/etc/passwd', '/nowhere'], write: ['/tmp'], execute: [] }).join(' ');
    expect(args).toContain('path-beneath:read-file:/etc/passwd');
    expect(args).toMatch(/path-beneath:read-file,read-dir,write-file,[a-z,-]+:\/tmp/);
    expect(args).not.toContain('/nowhere');
  });
});
