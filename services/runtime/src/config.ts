import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LOG_LEVELS } from './logger.js';

/** The environment as a process sees it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, one line per variable. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads the environment with a schema whose keys are the variables' names. An empty variable counts as unset. A secret
 * may also come as a file named by `NAME_FILE`. Throws one ConfigError that lists every bad variable at once, without
 * its value.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.output<Schema> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, variable] of Object.entries(schema.shape)) {
    const given = environment[name] ?? '';
    const value = given === '' ? readSecretFile(name, variable, environment, problems) : given;
    if (value !== '') values[name] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) problems.push(`${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(problems);
}

function readSecretFile(name: string, variable: unknown, environment: Environment, problems: string[]): string {
  const path = environment[`${name}_FILE`];
  if (!path || !isSecret(variable)) return '';
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE: cannot be read`);
    return '';
  }
}

/** Whether a variable is a secret, which is never printed and may come from a file. */
export function isSecret(variable: unknown): boolean {
  return variable instanceof z.ZodType && variable.meta()?.secret === true;
}

interface Described<T> {
  readonly default: T;
  readonly description: string;
}

/** A whole number from `min` to `max`. */
export function integer({
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
  ...rest
}: Described<number> & { min?: number; max?: number }) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .pipe(z.int(message).min(min, message).max(max, message))
    .default(rest.default)
    .meta({ description: rest.description });
}

/** A positive number, fractions allowed. */
export function decimal(options: Described<number>) {
  const message = 'must be a number above 0';
  return z
    .string()
    .regex(/^\d*\.?\d+$/, message)
    .transform(Number)
    .pipe(z.number(message).positive(message))
    .default(options.default)
    .meta({ description: options.description });
}

/** `on` or `off`. */
export function onOff(options: Described<boolean>) {
  return z
    .enum(['on', 'off'], 'must be on or off')
    .transform((word) => word === 'on')
    .default(options.default)
    .meta({ description: options.description });
}

export function text(options: Described<string>) {
  return z.string().default(options.default).meta({ description: options.description });
}

export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
  options: Described<Words[number]>,
) {
  return z
    .enum(words, `must be one of: ${words.join(', ')}`)
    .default(options.default)
    .meta({ description: options.description });
}

/** A value that is never printed and may come from the file that `NAME_FILE` names. It is empty or has `min` characters. */
export function secret({ min = 0, description }: { min?: number; description: string }) {
  return z.string().min(min, `must have at least ${min} characters`).default('').meta({ description, secret: true });
}

/** Returns the items of a list separated by commas or lines, trimmed and without empty ones. */
export function list(words: string): string[] {
  return words
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** The text of the file that a variable names. Empty without one. */
export function fileText({ description }: { description: string }) {
  return z
    .string()
    .transform((path, context) => {
      if (path === '') return '';
      try {
        return readFileSync(path, 'utf8');
      } catch {
        context.addIssue('cannot be read');
        return z.NEVER;
      }
    })
    .default('')
    .meta({ description });
}

/** Variables that every service has, besides those of Redis. */
export const commonConfig = {
  DATA_DIR: text({
    default: './.run/data',
    description: 'Folder that all services share, with uploads/ and temp/',
  }),
  LOG_LEVEL: choice(LOG_LEVELS, { default: 'info', description: 'Least severe level that is logged' }),
} as const;
