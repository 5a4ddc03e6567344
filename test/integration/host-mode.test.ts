import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HostMode } from '@pdf-tools/harness/host-mode';
import { eventually } from '@pdf-tools/harness/processes';

const NAMES = ['redis', 'api', 'worker', 'scheduler'] as const;

let host: HostMode;
beforeAll(async () => {
  host = await HostMode.create();
});
afterAll(() => host.remove());

/** A zombie has no command line. */
const isAlive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
};

/** Kills a process and returns the PID of its successor. */
async function crash(name: string): Promise<number> {
  const old = host.pid(`${name}.child`) ?? 0;
  process.kill(old, 'SIGKILL');
  return eventually(() => {
    const now = host.pid(`${name}.child`);
    return Promise.resolve(now !== undefined && now !== old && isAlive(now) && now);
  }, `a new ${name}`);
}

describe('make up without Docker', () => {
  beforeAll(async () => {
    const { code, stderr } = await host.run('up');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
  });

  it.each(NAMES)('restarts the %s after a crash, and make ps shows it', async (name) => {
    await crash(name);
    await eventually(() => host.isReady(), 'ready');
    const { stdout } = await host.run('ps');
    expect(stdout).toMatch(new RegExp(`^${name} +running +pid ${host.pid(`${name}.child`)} +restarts 1 `, 'm'));
    const log = readFileSync(host.file(`logs/${name}.log`), 'utf8');
    expect(log).toContain(`"process":"${name}","status":137,"restart":1`);
  });

  it('changes nothing when it runs again', async () => {
    const before = NAMES.map((name) => host.pid(`${name}.child`));
    expect(await host.run('up')).toMatchObject({ code: 0 });
    expect(NAMES.map((name) => host.pid(`${name}.child`))).toEqual(before);
  });

  it.each(['WEBHOOK_PORTS', 'OTEL_BSP_SCHEDULE_DELAY', 'TZ'])(
    'restarts the services after %s changed',
    async (name) => {
      const before = host.pid('scheduler.child');
      const changed = { [name]: name === 'TZ' ? 'UTC' : '8443' };
      expect(await host.run('up', changed)).toMatchObject({ code: 0 });
      expect(host.pid('scheduler.child')).not.toBe(before);
      expect(await host.run('up')).toMatchObject({ code: 0 });
    },
  );

  it('replaces a process whose supervisor was killed', async () => {
    const orphan = host.pid('scheduler.child') ?? 0;
    process.kill(host.pid('scheduler.pid') ?? 0, 'SIGKILL');
    expect(await host.run('up')).toMatchObject({ code: 0 });
    expect(isAlive(orphan)).toBe(false);
    await crash('scheduler');
  });

  it('names the damaged file that keeps Redis from starting, and make redis-repair cuts the damage off', async () => {
    await host.run('down');
    const path = host.file('redis/appendonlydir/appendonly.aof.1.incr.aof');
    const damaged = readFileSync(path);
    damaged.fill('\0garbage\n', Math.floor(damaged.length / 2));
    writeFileSync(path, damaged);
    const up = await host.run('up');
    expect([up.code, up.stderr]).toEqual([
      1,
      expect.stringMatching(/^redis: .*incr\.aof is damaged after byte \d+ of \d+.*Run: make redis-repair$/m),
    ]);
    await eventually(() => Promise.resolve(existsSync(host.file('redis.failed'))), 'given up');
    const failed = await host.run('ps');
    expect(failed.stdout).toMatch(
      /^redis +failed +failed permanently after 3 restarts, last exit status 1: make logs SERVICE=redis/m,
    );
    expect(failed.stderr).toContain('Run: make redis-repair');

    expect(await host.run('redis-repair')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('YES=1 make redis-repair'),
    });
    expect(readFileSync(path).equals(damaged)).toBe(true);
    const repaired = await host.run('redis-repair', { YES: '1' });
    expect([repaired.code, repaired.stderr]).toEqual([
      0,
      expect.stringMatching(/\d+ bytes were cut off .* after byte \d+/),
    ]);
    await eventually(() => host.isReady(), 'ready');
  });

  it('leaves nothing running after make down, even during a restart', async () => {
    for (const name of NAMES) process.kill(host.pid(`${name}.child`) ?? 0, 'SIGKILL');
    expect(await host.run('down')).toMatchObject({ code: 0 });
    expect(host.processes()).toEqual([]);
    expect((await host.run('ps')).stdout).toMatch(/^(\w+ +stopped\n){4}$/);
  });
});

describe('the supervisor of host mode', () => {
  const supervise = (command: string, env: NodeJS.ProcessEnv): Promise<{ code: unknown; stdout: string }> =>
    new Promise((resolve) => {
      const options = { env: { PATH: process.env.PATH, ...env } };
      execFile(`${host.root}/scripts/supervise.sh`, ['probe', 'sh', '-c', command], options, (error, stdout) => {
        resolve({ code: error?.code, stdout });
      });
    });

  it('stops restarting a process that keeps exiting, and reports it', async () => {
    const { code, stdout } = await supervise('echo begun; exit 3', { RESTART_DELAYS: '0.01 0.02 0.03' });
    expect(code).toBe(1);
    expect(stdout.match(/begun/g)).toHaveLength(4);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { restart: 1, delay_seconds: 0.01, status: 3 },
      { restart: 2, delay_seconds: 0.02, status: 3 },
      { restart: 3, delay_seconds: 0.03, status: 3 },
      { level: 'error', message: 'process failed permanently', process: 'probe', status: 3, restarts: 3 },
    ]);
  });

  it('resets its count after a stable run', async () => {
    const counter = `${host.root}/counter`;
    const command = `echo begun | tee -a ${counter}; [ $(wc -l <${counter}) -lt 6 ] || kill -TERM $PPID`;
    const { code, stdout } = await supervise(command, { RESTART_DELAYS: '0.01', STEADY_SECONDS: '0' });
    expect(code).toBeUndefined();
    expect(stdout.match(/begun/g)).toHaveLength(6);
  });
});
