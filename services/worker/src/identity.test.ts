import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { isDead, workerName } from './identity.js';

const named = (pid: number | string, host = hostname()): string => `${host}:${pid}`;

describe('isDead', () => {
  it('distinguishes an ended process of this host from a running one', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    expect(isDead(named(child.pid ?? 0))).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isDead(named(child.pid ?? 0))).toBe(true);
  });

  it('counts its own name as that of an earlier process', () => {
    expect(isDead(workerName())).toBe(true);
  });

  it('does not take a thread for a process with the same id', () => {
    const threads = readdirSync('/proc/self/task').filter((thread) => thread !== String(process.pid));
    expect(threads.length).toBeGreaterThan(0);
    for (const thread of threads) expect(isDead(named(thread))).toBe(true);
  });

  it('does not decide about another host', () => {
    expect(isDead(named(4_194_305, 'elsewhere'))).toBe(false);
  });
});
