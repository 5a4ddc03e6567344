import { expect, it, jest } from '@jest/globals';
import { inside } from './docker.js';

jest.setTimeout(180_000);

const VERSION = /\d+\.\d+\.\d+/;

/** Whether a version is `minimum` or later. Both are three numbers. */
function reaches(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, 'en', { numeric: true }) >= 0;
}

it.each([
  ['api', 'Node', 'node --version', '24.13.0', 'security releases of January 2026'],
  ['worker', 'Node', 'node --version', '24.13.0', 'security releases of January 2026'],
  ['scheduler', 'Node', 'node --version', '24.13.0', 'security releases of January 2026'],
  ['api', 'OpenSSL of Node', 'node -p process.versions.openssl', '3.5.0', 'the line with long support'],
  ['worker', 'libvips', `cd /app && node -p 'require("sharp").versions.vips'`, '8.18.0', 'loaders that can be blocked'],
  ['nginx', 'nginx', 'nginx -v 2>&1', '1.30.0', 'names of an upstream that are looked up again'],
  ['nginx', 'OpenSSL', 'openssl version', '3.5.0', 'X25519MLKEM768'],
  // Debian's 8.0.2 has the fixes of 8.0.4 (CVE-2025-49844) under the old number.
  ['redis', 'Redis', 'redis-server --version', '8.0.2', 'the line that the rights were tested against'],
])('the container of %s has %s of at least the required version', async (service, _what, command, minimum) => {
  const version = VERSION.exec(await inside(service, command))?.[0] ?? 'none';
  expect([version, reaches(version, minimum)]).toEqual([version, true]);
});

it('the version check finds an older version', () => {
  expect(reaches('8.0.1', '8.0.2')).toBe(false);
  expect(reaches('24.9.0', '24.13.0')).toBe(false);
  expect(reaches('25.0.0', '24.13.0')).toBe(true);
});
