import { execFile } from 'node:child_process';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { eventually } from '@pdf-tools/harness/processes';

const run = promisify(execFile);

/** Project of the stack, set by scripts/test-tls.sh. */
export const PROJECT = process.env.COMPOSE_PROJECT_NAME ?? 'pdf-tools-test';
export const NAME = process.env.SERVER_NAME ?? 'pdf-tools.example';
/** Address of the stack: this host, or a server under test (test/server). */
export const HOST = process.env.STACK_HOST ?? '127.0.0.1';
export const HTTP_PORT = Number(process.env.HTTP_PORT ?? '18080');
export const HTTPS_PORT = Number(process.env.HTTPS_PORT ?? '18083');
export const ADMIN_PORT = Number(process.env.ADMIN_PORT ?? '18084');

/** Runs a command in the project's folder. Rejects with its output if it fails. */
export async function command(file: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(file, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Runs `docker compose` with the files of the stack under test. */
export function compose(...args: string[]): Promise<string> {
  return command('docker', 'compose', ...args);
}

/** Runs a shell command in a service's container. */
export function inside(service: string, script: string): Promise<string> {
  return compose('exec', '--no-TTY', service, 'sh', '-c', script);
}

/** Runs the operator's command for the first certificate. */
export function makeCert(): Promise<string> {
  return command('make', 'cert', `DOMAIN=${NAME}`, 'EMAIL=operator@pdf-tools.example');
}

/** Runs certbot's script in its container, as the renewal loop does. */
export function certbot(...args: string[]): Promise<string> {
  return compose('exec', '--no-TTY', 'certbot', 'sh', '/usr/local/bin/certbot.sh', ...args);
}

/** Returns the root certificate that Pebble made at its start. */
export function authority(): Promise<string> {
  return inside('nginx', 'curl --silent --fail --insecure https://pebble:15000/roots/0');
}

/** Opens a TLS connection to nginx for our name. Rejects if the handshake fails or the chain does not verify. */
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

/** Returns the certificate that nginx serves. If `ca` is given, its chain has to end there. */
export async function served(ca?: string): Promise<Served> {
  const socket = await handshake(ca === undefined ? { rejectUnauthorized: false } : { ca });
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  const subject = certificate.subjectaltname ?? String(certificate.subject.CN);
  return { serial: certificate.serialNumber, subject, expires: new Date(certificate.valid_to) };
}

/** Waits until nginx serves a certificate other than `serial`. */
export function servedAfter(serial: string): Promise<Served> {
  return eventually(async () => {
    const now = await served();
    return now.serial !== serial && now;
  }, 'the new certificate is served');
}

/** Returns the root certificate after obtaining a certificate, unless an earlier test has done so. */
export async function withCertificate(): Promise<string> {
  await makeCert();
  return authority();
}
