import { z } from 'zod';
import { MAX_PASSWORD_BYTES, normalizedUtf8 } from '@pdf-tools/pdf';
import type { ErrorItem } from '@pdf-tools/runtime/errors';

/**
 * Parameters arrive as strings from forms, query strings and the command line. These builders read strings as well as
 * values, so one schema serves all three. Their messages name the valid values and follow the parameter's name.
 */

const INTEGER = /^[+-]?\d+$/;
/** Characters of a secret. A PDF password has at most 127 bytes (ISO 32000-2, 7.6.4.3.2). */
const MAX_SECRET_CHARACTERS = 1_000;

interface IntegerOptions {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly description: string;
}

/** A whole number from `min` to `max`. */
export function integer(options: IntegerOptions) {
  return wholeNumber(options).default(options.default).meta({ description: options.description });
}

/** A whole number that is undefined when it is missing. The description of the API shows `default`. */
export function optionalInteger(options: IntegerOptions) {
  return wholeNumber(options).optional().meta({ description: options.description, default: options.default });
}

function wholeNumber({ min, max }: IntegerOptions) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && INTEGER.test(value.trim()) ? Number(value) : value),
    z.int(message).min(min, message).max(max, message),
  );
}

const BYTE_SIZE = /^(\d+(?:\.\d+)?)\s*(B|[KMG]B|[KMG]iB)?$/i;
const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** A number of bytes, also with a unit, as in "2 MB". It is undefined when it is missing. */
export function byteSize({ min, max, description }: Omit<IntegerOptions, 'default'>) {
  const message = `must be a size from ${min} to ${max} bytes, such as 2000000, 2 MB or 1.5 MiB`;
  return z
    .preprocess(readByteSize, z.int(message).min(min, message).max(max, message))
    .optional()
    .meta({ description });
}

function readByteSize(value: unknown): unknown {
  const match = typeof value === 'string' ? BYTE_SIZE.exec(value.trim()) : null;
  if (!match) return value;
  return Math.floor(Number(match[1]) * (UNIT_BYTES[match[2]?.toLowerCase() ?? 'b'] ?? 1));
}

/** One of a few words. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  options: { default: Values[number]; description: string },
) {
  return z
    .enum(values, `must be one of: ${values.join(', ')}`)
    .default(options.default)
    .meta({ description: options.description });
}

interface NotationOptions {
  /** Returns the usual spelling of a value, or undefined if it is invalid. */
  readonly normalize: (text: string) => string | undefined;
  /** What is wrong with an invalid value, in words that follow its name. */
  readonly message: string;
  readonly default: string;
  readonly description: string;
}

/** Text in a notation of its own, such as a length with a unit. Spaces around it are ignored, and numbers count as text. */
export function notation({ normalize, message, description, ...options }: NotationOptions) {
  const text = z
    .string(message)
    .check(({ value, issues }) => {
      if (normalize(value) === undefined) issues.push({ code: 'custom', input: value, message });
    })
    .overwrite((value) => normalize(value) ?? value);
  return z
    .preprocess(
      (value) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : value),
      text,
    )
    .default(options.default)
    .meta({ description });
}

/** A switch, which is `true` or `false`, also spelled `1`, `0`, `on`, `off`, `yes`, `no`. */
export function flag(options: { default: boolean; description: string }) {
  return z
    .preprocess(readFlag, z.boolean('must be true or false'))
    .default(options.default)
    .meta({ description: options.description });
}

/** JSON text, as a form or a query string carries it. A value that is parsed already passes. */
export function jsonText<Schema extends z.ZodType>(
  schema: Schema,
  options: { default: z.output<Schema> & z.core.util.NoUndefined<z.output<Schema>>; description: string },
) {
  return z.preprocess(readJson, schema).default(options.default).meta({ description: options.description });
}

function readJson(value: unknown, context: z.RefinementCtx): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be valid JSON: check its quotes, commas and brackets' });
    return z.NEVER;
  }
}

/** Text that only the operation sees. It enters no record and no log (`splitSecrets`). Empty by default. */
export function secretText({ description }: { description: string }) {
  return z
    .string('must be text')
    .max(MAX_SECRET_CHARACTERS, `must have at most ${MAX_SECRET_CHARACTERS} characters`)
    .default('')
    .meta({ description, secret: true, format: 'password' });
}

/** The password that encrypts the result. An empty one leaves it unencrypted. */
export function outputPassword() {
  return z
    .string('must be text')
    .refine((value) => Buffer.byteLength(value) <= MAX_PASSWORD_BYTES, `must have at most ${MAX_PASSWORD_BYTES} bytes`)
    .refine((value) => value === '' || normalizedUtf8(value).length > 0, 'must have a visible character')
    .default('')
    .meta({
      description: 'Encrypts the result with AES-256. This password opens it with all permissions',
      secret: true,
      format: 'password',
    });
}

function readFlag(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^(true|1|on|yes)$/i.test(value)) return true;
  if (/^(false|0|off|no)$/i.test(value)) return false;
  return value;
}

type Issue = z.core.$ZodRawIssue;

/**
 * Returns what is wrong with a value in words that follow its name ("must be text"). `safeParse`
 * uses it instead of the validator's own messages. A message in the schema has precedence.
 */
export function issueMessage(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeMessage(issue);
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${counted(issue.origin)} at least ${issue.minimum} ${unitOf(issue.origin)}`.trimEnd();
    case 'too_big':
      return `must ${counted(issue.origin)} at most ${issue.maximum} ${unitOf(issue.origin)}`.trimEnd();
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(', ')}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return 'has a value that is not valid';
  }
}

function typeMessage({ input, expected }: Extract<Issue, { code: 'invalid_type' }>): string {
  return input === undefined ? 'is required' : `must be ${TYPES[expected] ?? expected}`;
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

function unitOf(origin: string): string {
  return UNITS[origin] ?? '';
}

/** Texts and lists have a length, numbers are compared. */
function counted(origin: string): 'have' | 'be' {
  return origin in UNITS ? 'have' : 'be';
}

/** Returns an item for each thing wrong with parameters, with the limit if one was exceeded. */
export function parameterErrors(error: z.ZodError | undefined): ErrorItem[] {
  return (error?.issues ?? []).map((issue) => {
    const limit = limitOf(issue);
    return { param: z.core.toDotPath(issue.path), message: issue.message, ...(limit !== undefined && { limit }) };
  });
}

function limitOf(issue: z.core.$ZodIssue): number | undefined {
  if (issue.code === 'too_big') return Number(issue.maximum);
  return issue.code === 'too_small' ? Number(issue.minimum) : undefined;
}
