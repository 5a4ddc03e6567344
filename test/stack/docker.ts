import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

const inspection = z.object({
  Name: z.string(),
  Config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()) }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    Privileged: z.boolean(),
    CapDrop: z.array(z.string()).nullable(),
    CapAdd: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Init: z.boolean().nullable(),
    PidsLimit: z.number().nullable(),
    Memory: z.number(),
    MemorySwap: z.number(),
    LogConfig: z.object({ Config: z.record(z.string(), z.string()) }),
  }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string() })).nullable()),
    Networks: z.record(z.string(), z.object({ IPAddress: z.string() })),
  }),
  State: z.object({ Health: z.object({ Status: z.string() }) }),
});

export type Container = z.output<typeof inspection>;

export const PROJECT = process.env.STACK_PROJECT ?? 'pdf-tools-test';

export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Returns the output of `docker inspect` for the stack's containers, parsed and as text. */
export async function inspectAll(): Promise<{ containers: Container[]; text: string }> {
  const ids = await docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${PROJECT}`);
  const text = await docker('inspect', ...ids.trim().split('\n'));
  return { containers: z.array(inspection).parse(JSON.parse(text)), text };
}

export function serviceOf(container: Container): string {
  return container.Config.Labels['com.docker.compose.service'] ?? '';
}

/** Runs a shell command in a service's container. */
export function inside(service: string, command: string): Promise<string> {
  return docker('exec', `${PROJECT}-${service}-1`, 'sh', '-c', command);
}

/** Writes a file into a service's container. */
export async function send(service: string, path: string, bytes: Buffer): Promise<void> {
  const command = `mkdir -p "$(dirname "${path}")" && cat >"${path}"`;
  const writing = run('docker', ['exec', '-i', `${PROJECT}-${service}-1`, 'sh', '-c', command]);
  writing.child.stdin?.end(bytes);
  await writing;
}

/** Returns the api's address on the network that it shares with nginx, to send requests without nginx. */
export async function apiUrl(): Promise<string> {
  const { containers } = await inspectAll();
  const api = containers.find((container) => serviceOf(container) === 'api');
  const address = api?.NetworkSettings.Networks[`${PROJECT}_front`]?.IPAddress;
  if (address === undefined) throw new Error('the api has no address');
  return `http://${address}:8000`;
}

/** Runs `qpdf --check` on some bytes in the worker's container. */
export async function qpdfCheck(pdf: Buffer): Promise<string> {
  const checked = run('docker', [
    'exec',
    '-i',
    `${PROJECT}-worker-1`,
    'sh',
    '-c',
    'cat >/tmp/c.pdf && qpdf --check /tmp/c.pdf',
  ]);
  checked.child.stdin?.end(pdf);
  return (await checked).stdout;
}
