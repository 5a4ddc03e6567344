import { z } from 'zod';
import { MAX_PASSWORD_BYTES, normalizedUtf8 } from '@pdf-tools/pdf';

/**
 * Parameters arrive as strings from forms, query strings and the command line. These builders read both strings and
 * values, so that one schema serves everywhere, and name the valid values in their messages.
 */

const INTEGER = /^[+-]?\d+$/;
/** Characters of a secret: a PDF's password has at most 127 bytes (ISO 32000-2, 7.6.4.3.2). */
const LONGEST_SECRET = 1_000;

/** A whole number from `min` to `max`, both included. */
export function integer(options: { min: number; max: number; default: number; description: string }) {
  const message = `must be a whole number from ${options.min} to ${options.max}`;
  return z
    .preprocess(
      (value) => (typeof value === 'string' && INTEGER.test(value.trim()) ? Number(value) : value),
      z.int(message).min(options.min, message).max(options.max, message),
    )
    .default(options.default)
    .meta({ description: options.description });
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

/** A switch: `true` or `false`, also as `1`, `0`, `on`, `off`, `yes`, `no`. */
export function flag(options: { default: boolean; description: string }) {
  return z
    .preprocess(readFlag, z.boolean('must be true or false'))
    .default(options.default)
    .meta({ description: options.description });
}

/** A JSON text, as it has to be in a form or a query string; a value that is read already passes. */
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
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}

/** Text that only the work itself may see: it enters no record and no log (`splitSecrets`). Empty where it is not given. */
export function secretText({ description }: { description: string }) {
  return z
    .string('must be text')
    .max(LONGEST_SECRET, `must have at most ${LONGEST_SECRET} characters`)
    .default('')
    .meta({ description, secret: true, format: 'password' });
}

/** The password that the result is encrypted with. Empty if it is not to be encrypted. */
export function outputPassword() {
  return z
    .string('must be text')
    .refine((value) => Buffer.byteLength(value) <= MAX_PASSWORD_BYTES, `must have at most ${MAX_PASSWORD_BYTES} bytes`)
    .refine((value) => value === '' || normalizedUtf8(value).length > 0, 'must have a visible character')
    .default('')
    .meta({
      description: 'Encrypt the result with AES-256; this password opens it with all permissions',
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
