import { beforeAll, expect, it, jest } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { HTTPS_PORT, NAME, command, inside, withCertificate } from './stack.js';

/** testssl.sh needs some minutes where little else runs, and was seen to need more than 15 where much does. */
jest.setTimeout(2_700_000);

const SEVERE = ['MEDIUM', 'HIGH', 'CRITICAL', 'WARN', 'FATAL'];
/** What testssl.sh says of Pebble, not of us: that a certificate can be looked up as revoked nowhere. */
const OF_THE_TEST_AUTHORITY = ['cert_revocation'];
/** Checked without a name, which gets no handshake here; the last test looks at it with one. */
const WITHOUT_A_NAME = ['secure_renego'];
/** What it says of the OpenSSL that it calls here. */
const OF_THIS_HOST = ['engine_problem'];
const EXPLAINED = [...OF_THE_TEST_AUTHORITY, ...WITHOUT_A_NAME, ...OF_THIS_HOST];

const findings = z.array(z.object({ id: z.string(), severity: z.string(), finding: z.string() }));
let report: z.output<typeof findings>;

beforeAll(async () => {
  const folder = process.env.PEBBLE_DIR ?? '.run/test-pebble';
  const [root, json] = [`${folder}/root.pem`, `${folder}/testssl.json`];
  await writeFile(root, await withCertificate());
  // All of its checks but the simulations of old clients, which take most of its time and find nothing by themselves.
  const checks = [
    '--protocols',
    '--std',
    '--fs',
    '--server-preference',
    '--server-defaults',
    '--headers',
    '--vulnerable',
  ];
  const options = [
    ...checks,
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
  const look = async (): Promise<void> => {
    await rm(json, { force: true });
    // Its exit code is the number of findings of some kinds.
    await command('testssl', ...options, '--jsonfile', json, `${NAME}:${HTTPS_PORT}`).catch(() => undefined);
    report = findings.parse(JSON.parse(await readFile(json, 'utf8')));
  };
  await look();
  // A check that got no connection has looked at nothing: all are asked once more.
  if (report.some(({ finding }) => finding.includes('connect problem'))) await look();
});

it('testssl.sh finds nothing above LOW', () => {
  const severe = report.filter(({ severity }) => SEVERE.includes(severity));
  expect(severe.filter(({ id }) => !EXPLAINED.includes(id))).toEqual([]);
});

it('testssl.sh has looked at protocols, ciphers, certificate, headers and the known attacks', () => {
  const seen = new Set(report.map(({ id }) => id));
  for (const id of ['TLS1_3', 'cipherlist_NULL', 'cert_chain_of_trust', 'HSTS_time', 'heartbleed', 'ROBOT', 'LUCKY13'])
    expect(seen).toContain(id);
  expect(report.length).toBeGreaterThan(60);
});

it('tells its grade, where this version gives one', () => {
  const grade = report.find(({ id }) => id === 'overall_grade');
  console.log(`testssl.sh: ${report.length} findings, grade ${grade?.finding ?? 'not given by this version'}`);
  if (grade) expect(grade.finding).toBe('A+');
});

it('renegotiation is secure (RFC 5746)', async () => {
  const client = `openssl s_client -no_tls1_3 -connect 127.0.0.1:8443 -servername ${NAME}`;
  expect(await inside('nginx', `${client} </dev/null 2>&1`)).toContain('Secure Renegotiation IS supported');
});
