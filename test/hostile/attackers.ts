import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { eventually } from '@pdf-tools/harness/processes';
import { png } from '@pdf-tools/harness/samples';
import { STACK_URL, call, form } from '../stack/client.js';
import { PROJECT, docker } from '../stack/docker.js';
import { answerMs, closeConnections, percentile, times, until } from './timing.js';

/** Long enough for several hundred health checks, so that their 99th percentile is not the maximum. */
const SECONDS = 20;
/** Time limit for starting the attackers' containers on a busy machine. */
const STARTED_MS = 120_000;

/** Attackers that all send the same, each from its own address. */
export interface Attack {
  /** The mode of flooder.ts, and the request that it sends. */
  readonly mode: 'slow' | 'upload' | 'read' | 'unfinished';
  readonly path?: string;
  readonly method?: string;
  readonly addresses: number;
  /** Connections of each address. */
  readonly each: number;
  /** Seconds for opening the connections, which are not measured. */
  readonly openingSeconds?: number;
}

const counts = z.record(z.string(), z.number());

/** An attacker in its own container with its own address on nginx's outer network. */
class Attacker {
  readonly #process: ChildProcessWithoutNullStreams;
  #output = '';

  constructor(image: string, target: string, { mode, each, path = '', method = 'GET', openingSeconds = 0 }: Attack) {
    const script = new URL('flooder.js', import.meta.url).pathname;
    // Attackers have their own processors. On this machine they get what the service leaves.
    const limits = ['--cpus', '0.25', '--cpu-shares', '2', '--memory', '128m'];
    const where = ['--network', `${PROJECT}_edge`, '--volume', `${script}:/flooder.mjs:ro`, '--entrypoint', 'node'];
    const what = ['/flooder.mjs', mode, target, String(each), String(SECONDS + openingSeconds), path, method];
    this.#process = spawn('docker', ['run', '--rm', '--interactive', ...limits, ...where, image, ...what]);
    this.#process.stderr.pipe(process.stderr);
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  /** Resolves when the attacker waits for the start signal, so that its start-up is not part of the attack. */
  async ready(): Promise<void> {
    await eventually(() => Promise.resolve(this.#output.startsWith('ready')), 'an attacker is up', STARTED_MS);
  }

  attack(): void {
    this.#process.stdin.end('go');
  }

  /** Returns what the attacker sent and received, after it has ended. */
  async sent(): Promise<Record<string, number>> {
    if (this.#process.exitCode === null) await once(this.#process, 'close');
    return counts.parse(JSON.parse(this.#output.slice('ready'.length)));
  }
}

export type Figures = Awaited<ReturnType<TestGround['measure']>>;

/** The stack under test and a bystander, a server without attack whose times show the load of the machine. */
export class TestGround {
  private constructor(
    private readonly image: string,
    private readonly target: string,
    private readonly bystander: { readonly id: string; readonly url: string },
    private readonly photo: Buffer,
    /** 99th percentile of /health's response times in ms without an attack. */
    readonly calm: number,
  ) {}

  /** Measures /health for `calmSeconds` without an attack. */
  static async prepare(calmSeconds: number): Promise<TestGround> {
    const image = (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-api-1`)).trim();
    const networks = z.record(z.string(), z.object({ IPAddress: z.string() }));
    const text = await docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', `${PROJECT}-nginx-1`);
    const target = networks.parse(JSON.parse(text))[`${PROJECT}_edge`]?.IPAddress ?? '';
    const calm = percentile(await times(`${STACK_URL}/health`, sleep(calmSeconds * 1_000)), 0.99);
    return new TestGround(image, target, await startBystander(image), await png(64, 64), calm);
  }

  async close(): Promise<void> {
    closeConnections();
    await docker('rm', '--force', this.bystander.id);
  }

  /** Attacks for 20 s and measures /health, the bystander and honest requests at the same time. */
  async measure(attack: Attack) {
    const attackers = Array.from({ length: attack.addresses }, () => new Attacker(this.image, this.target, attack));
    await Promise.all(attackers.map((attacker) => attacker.ready()));
    for (const attacker of attackers) attacker.attack();
    await sleep((attack.openingSeconds ?? 0) * 1_000);
    const end = sleep(SECONDS * 1_000);
    const [health, beside, honest] = await Promise.all([
      times(`${STACK_URL}/health`, end),
      times(this.bystander.url, end),
      until(end, () => this.#honestCall(), 1_000),
    ]);
    const sent: Record<string, number> = {};
    for (const one of await Promise.all(attackers.map((attacker) => attacker.sent())))
      for (const [what, count] of Object.entries(one)) sent[what] = (sent[what] ?? 0) + count;
    const spread = (values: readonly number[]) => ({
      asked: values.length,
      p50: percentile(values, 0.5),
      p95: percentile(values, 0.95),
      p99: percentile(values, 0.99),
      slowest: percentile(values, 1),
    });
    const figures = {
      sent,
      health: { ...spread(health), calm_p99: this.calm },
      bystander: spread(beside),
      honest: {
        ...spread(honest.map(({ ms }) => ms)),
        served: honest.filter(({ status }) => status === 200).length,
      },
    };
    const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value);
    const { addresses, each, mode } = attack;
    process.stderr.write(`\n${addresses} addresses x ${each} ${mode}: ${JSON.stringify(figures, rounded)}\n`);
    return figures;
  }

  async #honestCall(): Promise<{ status: number; ms: number }> {
    const start = performance.now();
    const body = form({ retain: '0' }, [['files', 'a.png', this.photo]]);
    const { status } = await call('/api/image-to-pdf', { method: 'POST', body });
    return { status, ms: performance.now() - start };
  }
}

async function startBystander(image: string): Promise<{ id: string; url: string }> {
  const code = 'require("http").createServer((_, res) => res.end("{}")).listen(8000)';
  const options = ['--network', `${PROJECT}_edge`, '--memory', '128m', '--entrypoint', 'node'];
  const id = (await docker('run', '--detach', ...options, image, '-e', code)).trim();
  const format = `{{(index .NetworkSettings.Networks "${PROJECT}_edge").IPAddress}}`;
  const url = `http://${(await docker('inspect', '--format', format, id)).trim()}:8000/`;
  await eventually(async () => (await answerMs(url)) < Infinity, 'the bystander answers', STARTED_MS);
  return { id, url };
}
