#!/usr/bin/env node
// Usage: redis-acl.mjs [--check]
// Writes compose/redis-users.acl from services/jobs/src/acl.ts, or checks that the file is up to date (--check).
import { readFileSync, writeFileSync } from 'node:fs';
import { aclLines } from '../services/jobs/dist/acl.js';

const FILE = new URL('../compose/redis-users.acl', import.meta.url);
const text = `# Generated from services/jobs/src/acl.ts by scripts/redis-acl.mjs. Do not edit.
# redis-start.sh replaces each {user} by the SHA-256 of that user's password.
${aclLines().join('\n')}
`;

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0);
  console.error('compose/redis-users.acl is older than acl.ts. Run: npm run build && node scripts/redis-acl.mjs');
  process.exit(1);
}
writeFileSync(FILE, text);
