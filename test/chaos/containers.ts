import { PROJECT, docker } from '../stack/docker.js';
import { eventually } from '@pdf-tools/harness/processes';
import { VICTIMS } from './schedule.js';
import type { Fault, FaultKind, Victim } from './schedule.js';

/** Seconds that a worker has to drain after SIGTERM before Docker kills it. */
const DRAIN_SECONDS = 10;
const FREEZES_WITHIN_MS = 30_000;
const COMES_BACK_WITHIN_MS = 30_000;
const FILLER = '/data/filler';

/** Returns the name of a victim's container in Docker. */
export const container = (victim: Victim): string => `${PROJECT}-${victim}`;
const all = (victims: readonly Victim[]): string[] => victims.map(container);

interface Ways {
  readonly begin: (fault: Fault) => Promise<unknown>;
  readonly end: (fault: Fault) => Promise<unknown>;
}

const kill = ({ victims }: Fault): Promise<unknown> => docker('kill', '--signal', 'KILL', ...all(victims));
const start = ({ victims }: Fault): Promise<unknown> => docker('start', ...all(victims));
const pausing: Ways = {
  // The kernel cannot freeze a container while one of its processes is starting.
  begin: ({ victims }) => eventually(() => docker('pause', ...all(victims)), 'paused', FREEZES_WITHIN_MS),
  end: ({ victims }) => docker('unpause', ...all(victims)),
};

/** How each fault begins and ends. */
export const WAYS: Readonly<Record<FaultKind, Ways>> = {
  kill: { begin: kill, end: start },
  'kill all': { begin: kill, end: start },
  crash: {
    begin: ({ victims }) => each(victims, crash),
    end: () => Promise.resolve(),
  },
  'kill child': {
    begin: ({ victims: [victim = 'worker-1'], pick }) => inWorker(victim, pick, 'kill -9 $child'),
    end: () => Promise.resolve(),
  },
  pause: pausing,
  'freeze longer than a lease': {
    begin: ({ victims: [victim = 'worker-1'], pick }) => inWorker(victim, pick, 'kill -STOP $all'),
    end: ({ victims: [victim = 'worker-1'] }) => docker('exec', container(victim), 'sh', '-c', 'kill -CONT -1'),
  },
  'cut off from the network': {
    begin: ({ victims }) => each(victims, (victim) => docker('network', 'disconnect', network(), container(victim))),
    end: ({ victims }) => each(victims, reconnect),
  },
  SIGTERM: {
    begin: ({ victims }) => docker('stop', '--time', String(DRAIN_SECONDS), ...all(victims)),
    end: start,
  },
  'fill the disk': {
    begin: () => onVolume(`dd if=/dev/zero of=${FILLER} bs=1M 2>/dev/null; true`),
    end: () => onVolume(`rm -f ${FILLER}`),
  },
};

/** Kills all processes of a container, as the kernel does when memory runs out. Docker has to restart it. */
async function crash(victim: Victim): Promise<void> {
  const before = await startedAt(victim);
  // The command dies with the container and reports an error.
  await docker('exec', container(victim), 'sh', '-c', 'kill -9 -1').catch(() => undefined);
  await eventually(
    async () => !['', before].includes(await startedAt(victim)),
    `${victim} comes back`,
    COMES_BACK_WITHIN_MS,
  );
}

/** Returns when a container last started, or an empty string while it is down. */
async function startedAt(victim: Victim): Promise<string> {
  const [running, at = ''] = (
    await docker('inspect', '--format', '{{.State.Running}} {{.State.StartedAt}}', container(victim))
  ).split(' ');
  return running === 'true' ? at : '';
}

/** Starts every container that is down and not held by another fault. Used after an unexpected error. */
export async function startAll(): Promise<void> {
  for (const victim of VICTIMS) await docker('start', container(victim)).catch(() => undefined);
}

/** Returns the containers that are down. */
export async function stopped(): Promise<string[]> {
  const states = await docker('inspect', '--format', '{{.Name}} {{.State.Status}}', ...all(VICTIMS));
  return states.split('\n').filter((line) => line !== '' && !line.endsWith(' running'));
}

const network = (): string => `${PROJECT}_back`;

async function each(victims: readonly Victim[], act: (victim: Victim) => Promise<unknown>): Promise<void> {
  for (const victim of victims) await act(victim);
}

/** Reconnects a container under its service name, which Docker has forgotten after the disconnect. */
function reconnect(victim: Victim): Promise<string> {
  const service = victim.replace(/-\d+$/, '');
  return docker('network', 'connect', '--alias', service, network(), container(victim));
}

/** Runs a shell command on the data volume as the services' user. It has its own container because others may be down. */
export function onVolume(command: string): Promise<string> {
  const mount = `${PROJECT}_data:/data`;
  const shell = ['--entrypoint', 'sh', '--user', '10001:10001', '--volume', mount, 'redis:8.0', '-c', command];
  return docker('run', '--rm', '--network', 'none', ...shell);
}

/**
 * Waits in a worker's container up to 3 s until a child process uses the processor, then runs `what`. `$child` is that
 * process, or the one that `pick` chooses if none is busy. `$all` is the worker and its children. The brackets keep the
 * search from finding itself. A worker that has just started has no children for some seconds.
 */
function inWorker(victim: Victim, pick: number, what: string): Promise<string> {
  const script = `
    named() { grep -lz "$1" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3; }
    ticks() { set -- $(cat "/proc/$1/stat"); echo $((\${14} + \${15})); }
    works() { before=$(ticks $1) && sleep 0.04 && [ $(ticks $1) -ge $((before + 3)) ]; }
    for look in $(seq 100); do children=$(named '[c]hild.js'); [ -n "$children" ] && break; sleep 0.1; done
    all="$children $(named '^[m]ain.js$')"
    set -- $children; shift $((${Math.floor(pick * 1_000)} % $#)); child=$1
    for look in $(seq 30); do
      for one in $children; do works $one && child=$one && break 2; done
    done
    ${what}`;
  return docker('exec', container(victim), 'sh', '-c', script);
}
