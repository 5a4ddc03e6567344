import { beforeAll, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { HTTPS_PORT, NAME, command, handshake, inside, withCertificate } from './stack.js';

/** A full run of testssl.sh takes several minutes, and more than 15 on a busy machine. */
jest.setTimeout(2_700_000);

/** All checks except the simulations of old clients, which take most of the time and find nothing new. */
const CHECKS = {
  short: ['--protocols', '--fs', '--server-defaults', '--headers'],
  full: ['--protocols', '--std', '--fs', '--server-preference', '--server-defaults', '--headers', '--vulnerable'],
};
/** Findings that prove that a check ran. */
const EXPECTED = {
  short: ['TLS1_3', 'FS', 'cert_chain_of_trust', 'HSTS_time'],
  full: ['TLS1_3', 'cipherlist_NULL', 'cert_chain_of_trust', 'HSTS_time', 'heartbleed', 'ROBOT', 'LUCKY13'],
};
const form = process.env.TESTSSL === 'short' ? 'short' : 'full';

const SEVERE = ['MEDIUM', 'HIGH', 'CRITICAL', 'WARN', 'FATAL'];
/** Findings about Pebble: its certificates have no revocation service. */
const OF_THE_TEST_AUTHORITY = ['cert_revocation'];
/** Checked without a server name, so there is no handshake. The last test checks it with a name. */
const WITHOUT_A_NAME = ['secure_renego'];
/** Findings about the OpenSSL of this host. */
const OF_THIS_HOST = ['engine_problem'];
/**
 * A resumed handshake carries no certificate. Without one, testssl.sh takes any late close of the connection for a
 * failed handshake. Tests below resume sessions of both protocols.
 */
const UNRELIABLE = ['sessionresumption_ID', 'sessionresumption_ticket'];
const EXPLAINED = [...OF_THE_TEST_AUTHORITY, ...WITHOUT_A_NAME, ...OF_THIS_HOST, ...UNRELIABLE];

const findings = z.array(z.object({ id: z.string(), severity: z.string(), finding: z.string() }));
let ca: string;
let report: z.output<typeof findings>;

beforeAll(async () => {
  const folder = process.env.PEBBLE_DIR ?? '.run/test-pebble';
  const [root, json] = [`${folder}/root.pem`, `${folder}/testssl.json`];
  ca = await withCertificate();
  await writeFile(root, ca);
  const options = [
    ...CHECKS[form],
    '--nodns',
    'none',
    '--quiet',
    '--warnings',
    'off',
    '--color',
    '0',
    '--ip',
    '127.0.0.1',
    '--add-ca',
    root,
  ];
  await rm(json, { force: true });
  // The exit code counts the findings of some kinds.
  await command('testssl', ...options, '--jsonfile', json, `${NAME}:${HTTPS_PORT}`).catch(() => undefined);
  report = findings.parse(JSON.parse(await readFile(json, 'utf8')));
});

/** Resolves with the session of the connection once the server has answered. TLS 1.3 sends sessions before data. */
async function sessionAfterResponse(socket: TLSSocket): Promise<Buffer> {
  socket.write(`HEAD /health HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`);
  await once(socket, 'data');
  const session = socket.getSession();
  socket.destroy();
  if (!session) throw new Error('The connection has no session.');
  return session;
}

it('testssl.sh finds nothing above LOW', () => {
  const severe = report.filter(({ severity }) => SEVERE.includes(severity));
  expect(severe.filter(({ id }) => !EXPLAINED.includes(id))).toEqual([]);
});

it('testssl.sh ran each of its checks', () => {
  // Version 3.2 renames PFS to FS.
  const ids = report.map(({ id }) => id.replace(/^PFS$/, 'FS'));
  expect(ids).toEqual(expect.arrayContaining(EXPECTED[form]));
});

it('testssl.sh gives the grade A+ if its version grades', () => {
  const grade = report.find(({ id }) => id === 'overall_grade');
  console.log(
    `testssl.sh (${form}): ${report.length} findings, grade ${grade?.finding ?? 'not given by this version'}`,
  );
  if (grade) expect(grade.finding).toBe('A+');
});

it('nginx resumes sessions by their id and issues no tickets', async () => {
  const options = { ca, maxVersion: 'TLSv1.2' as const };
  const first = await handshake(options);
  const session = first.getSession();
  expect([session !== undefined, first.getTLSTicket()]).toEqual([true, undefined]);
  first.destroy();
  const second = await handshake({ ...options, ...(session && { session }) });
  expect(second.isSessionReused()).toBe(true);
  second.destroy();
});

it('nginx resumes sessions of TLS 1.3', async () => {
  const options = { ca, minVersion: 'TLSv1.3' as const };
  const session = await sessionAfterResponse(await handshake(options));
  const second = await handshake({ ...options, session });
  expect(second.isSessionReused()).toBe(true);
  second.destroy();
});

it('nginx renegotiates securely (RFC 5746)', async () => {
  const client = `openssl s_client -no_tls1_3 -connect 127.0.0.1:8443 -servername ${NAME}`;
  expect(await inside('nginx', `${client} </dev/null 2>&1`)).toContain('Secure Renegotiation IS supported');
});
