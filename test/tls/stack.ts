import { execFile } from 'node:child_process';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { eventually } from '@pdf-tools/harness/processes';

const run = promisify(execFile);

/** Where scripts/test-tls.sh has put the stack. */
export const PROJECT = process.env.COMPOSE_PROJECT_NAME ?? 'pdf-tools-test';
export const NAME = process.env.SERVER_NAME ?? 'pdf-tools.example';
/** The address it answers at: this host's, or that of a server under test (test/server). */
export const HOST = process.env.STACK_HOST ?? '127.0.0.1';
export const HTTP_PORT = Number(process.env.HTTP_PORT ?? '18080');
export const HTTPS_PORT = Number(process.env.HTTPS_PORT ?? '18083');
export const ADMIN_PORT = Number(process.env.ADMIN_PORT ?? '18084');

/** A command of this host in the project's folder. Rejects where it fails, with what it said. */
export async function command(file: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(file, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** `docker compose` with the files of the stack under test. */
export function compose(...args: string[]): Promise<string> {
  return command('docker', 'compose', ...args);
}

/** Runs a shell command in a service's container. */
export function inside(service: string, script: string): Promise<string> {
  return compose('exec', '--no-TTY', service, 'sh', '-c', script);
}

/** What an operator types for the first certificate. */
export function makeCert(): Promise<string> {
  return command('make', 'cert', `DOMAIN=${NAME}`, 'EMAIL=operator@pdf-tools.example');
}

/** certbot's own script in its container, as the loop calls it. */
export function certbot(...args: string[]): Promise<string> {
  return compose('exec', '--no-TTY', 'certbot', 'sh', '/usr/local/bin/certbot.sh', ...args);
}

/** The root that Pebble made for itself when it started. */
export function authority(): Promise<string> {
  return inside('nginx', 'curl --silent --fail --insecure https://pebble:15000/roots/0');
}

/** A TLS connection to nginx for our name. Rejects where the handshake fails, also on a chain that does not verify. */
export function handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port: HTTPS_PORT, servername: NAME, ...options }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

export interface Served {
  readonly serial: string;
  readonly subject: string;
  readonly expires: Date;
}

/** The certificate that nginx serves. With `ca` its chain has to lead there. */
export async function served(ca?: string): Promise<Served> {
  const socket = await handshake(ca === undefined ? { rejectUnauthorized: false } : { ca });
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  const subject = certificate.subjectaltname ?? String(certificate.subject.CN);
  return { serial: certificate.serialNumber, subject, expires: new Date(certificate.valid_to) };
}

/** Waits until another certificate than `serial` is served. */
export function servedAfter(serial: string): Promise<Served> {
  return eventually(async () => {
    const now = await served();
    return now.serial !== serial && now;
  }, 'the new certificate is served');
}

/** The stack with a certificate, whichever test comes first. */
export async function withCertificate(): Promise<string> {
  await makeCert();
  return authority();
}
