import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { isDead, workerName } from './identity.js';

const named = (pid: number | string, host = hostname()): string => `${host}:${pid}`;

describe('isDead', () => {
  it('knows a process of this host that ended from one that runs', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    expect(isDead(named(child.pid ?? 0))).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isDead(named(child.pid ?? 0))).toBe(true);
  });

  it('takes its own name on a job for that of a process before it', () => {
    expect(isDead(workerName())).toBe(true);
  });

  it('does not take a thread for the process that had its number', () => {
    const threads = readdirSync('/proc/self/task').filter((thread) => thread !== String(process.pid));
    expect(threads.length).toBeGreaterThan(0);
    for (const thread of threads) expect(isDead(named(thread))).toBe(true);
  });

  it('does not judge another host', () => {
    expect(isDead(named(4_194_305, 'elsewhere'))).toBe(false);
  });
});
