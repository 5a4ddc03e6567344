#!/usr/bin/env node
// usage: env-example.mjs [--check|--names]   writes .env.example from the configuration schemas of the services, checks that it
// is fresh, or prints the names of the variables
import { readFileSync, writeFileSync } from 'node:fs';
import { isSecret } from '../services/runtime/dist/config.js';

const FILE = new URL('../.env.example', import.meta.url);
/** Set by the container definitions or the start script: not for people to change. */
const WIRED = new Set([
  ...['REDIS_URL', 'REDIS_USERNAME', 'DATA_DIR', 'HEARTBEAT_FILE', 'PORT', 'HOST', 'X_ACCEL', 'TRUST_PROXY'],
  ...['SHUTDOWN_GRACE_SECONDS', 'BUILD_VERSION', 'BUILD_REVISION', 'ADMIN_HOST', 'ADMIN_PORT', 'CHILD_SYSCALL_FILTER'],
  ...['METRICS_HOST', 'METRICS_PORT'],
]);
/** What the start script and the container definitions read themselves. */
const STACK = {
  HTTP_PORT: ['8080', 'Port of the stack on this host'],
  HTTP_BIND: ['127.0.0.1', 'Address of this host it is bound to'],
  HTTPS_PORT: ['443', 'Port of https on this host, in production'],
  SERVER_NAME: ['', 'The name that clients use, in production: of the certificate too (make cert)'],
  ACME_SERVER: ['', 'Directory of another certificate authority than Let’s Encrypt'],
  ADMIN_BIND: ['127.0.0.1', 'Address of this host with /admin and /metrics, in production'],
  ADMIN_PORT: ['8001', 'Port of it'],
  TRUSTED_PROXIES: ['', 'Networks of proxies in front of nginx whose X-Forwarded-For is believed, separated by commas'],
  RESPONSE_CACHE: [
    'off',
    'Let nginx keep /openapi.json, /docs and /api/limits for a minute, for callers without a key',
  ],
  HTTP3: ['off', 'on offers HTTP/3 beside HTTP/2, in production (make update applies it)'],
  MONITORING: ['off', 'on starts Prometheus, Alertmanager and Grafana (in production make update applies it)'],
  ALERTMANAGER_CONFIG: ['./compose/alertmanager/alertmanager.yml', 'Whom Alertmanager tells of alerts'],
  API_REPLICAS: ['2', 'Number of api containers in production'],
};

const variables = new Map();
for (const service of servicesOfCompose()) {
  const { [`${service}Config`]: schema } = await import(`../services/${service}/dist/config.js`);
  for (const [name, variable] of Object.entries(schema.shape)) {
    const known = variables.get(name) ?? { variable, services: [] };
    known.services.push(service);
    variables.set(name, known);
  }
}

if (process.argv.includes('--names')) {
  for (const [name, { variable }] of variables) console.log(isSecret(variable) ? `${name}\n${name}_FILE` : name);
  process.exit(0);
}

const lines = [
  '# Copy to .env and change what you need: every line shows its default.',
  '# Generated from the configuration schemas by `make env-example`.',
  '',
  '# --- the stack ---',
];
for (const [name, [value, description]] of Object.entries(STACK)) lines.push(`# ${description}`, `#${name}=${value}`);
lines.push('', '# --- the services ---');
for (const [name, { variable, services }] of variables) {
  if (WIRED.has(name)) continue;
  lines.push(
    `# ${variable.meta().description} (${services.join(', ')})${isSecret(variable) ? `; or a file: ${name}_FILE` : ''}`,
  );
  lines.push(`#${name}=${spell(variable.parse(undefined))}`);
}
const text = `${lines.join('\n')}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0);
  console.error('.env.example is not what the configuration schemas say: run `make env-example`');
  process.exit(1);
}
writeFileSync(FILE, text);

/** The services of docker-compose.yml that extend `node` of compose/base.yml. */
function servicesOfCompose() {
  const compose = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  return [...compose.matchAll(/^ {2}([a-z-]+):\n {4}extends: .*service: node \}$/gm)].map(([, name]) => name);
}

/** A default as it is written in the environment. */
function spell(value) {
  if (value === true) return 'on';
  if (value === false) return 'off';
  return String(value ?? '');
}
