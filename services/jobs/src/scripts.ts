import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { MAX_MEMORY_SHARE } from './admission.js';
import { MAX_COMPACT_BYTES, MAX_DEAD_LETTERS_READ, REQUEUEABLE } from './dead-letters.js';
import { MAX_SEARCHED, MAX_SEARCHED_PREFERRED, SEARCH_PAGE } from './fair-queueing.js';
import { CHANNELS, KEYS } from './keys.js';
import { LUA_SOURCES } from './lua/sources.js';
import { NOTIFICATION } from './notification.js';
import { MAX_COMPLETIONS } from './throughput.js';

/** Added to the delay each time a job stalls again, up to six minutes after ten times. */
const STALLED_DELAY_MS = 10_000;

const RETRYABLE_CODES = Object.entries(ERROR_CODES).flatMap(([code, kind]) => ('retryable' in kind ? [code] : []));

/** What the Lua files write as `constants.NAME`. A list becomes a set. */
const CONSTANTS = {
  MAX_COMPACT_BYTES,
  MAX_COMPLETIONS,
  MAX_DEAD_LETTERS_READ,
  MAX_MEMORY_SHARE,
  MAX_REQUEUEABLE_BYTES: REQUEUEABLE.bytes,
  MAX_REQUEUEABLE_JOBS: REQUEUEABLE.jobs,
  MAX_SEARCHED,
  MAX_SEARCHED_PREFERRED,
  NOTIFICATION,
  RETRYABLE_CODES,
  SEARCH_PAGE,
  STALLED_DELAY_MS,
} as const;

type Value = number | string | readonly string[];

const VALUES = new Map<string, Value>([
  ...Object.entries(KEYS).map(([name, key]): [string, Value] => [`keys.${name}`, key]),
  ...Object.entries(CHANNELS).map(([name, channel]): [string, Value] => [`channels.${name}`, channel]),
  ...Object.entries(CONSTANTS).map(([name, value]): [string, Value] => [`constants.${name}`, value]),
]);

export type ScriptName = keyof typeof LUA_SOURCES;

/**
 * The job's state machine. Each transition is one Lua script, so that it happens completely or not at all. A run whose
 * fence is stale changes nothing. The sources are the files in `lua`.
 */
export const SCRIPTS = Object.fromEntries(
  Object.entries(LUA_SOURCES).map(([name, source]) => [name, fillIn(name, source)]),
) as Readonly<Record<ScriptName, string>>;

function fillIn(script: string, source: string): string {
  return source.replace(/\b(?:keys|channels|constants)\.\w+/g, (name) => {
    const value = VALUES.get(name);
    if (value === undefined) throw new Error(`the script ${script} uses ${name}, which is not defined`);
    return toLua(value);
  });
}

function toLua(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value}'`;
  return `{${value.map((member) => `${member} = true`).join(', ')}}`;
}
