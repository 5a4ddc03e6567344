import type { Operation } from '@pdf-tools/operations/operation';
import { flag, integer } from '@pdf-tools/operations/params';
import { secretNames, splitSecrets } from '@pdf-tools/operations/secrets';
import type { Secret } from '@pdf-tools/operations/secrets';
import { CallbackRefused, MAX_CALLBACK_URL, readCallback } from '@pdf-tools/jobs/callback-url';
import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorItem } from '@pdf-tools/runtime/errors';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { z } from 'zod';

/**
 * What every operation's call may ask for beside the operation's own parameters. `maxRetain` is in seconds; without
 * `webhooks` this server sends none.
 */
export function callOptions(maxRetain: number, webhooks?: WebhookPolicy) {
  return z.object({
    async: flag({ default: false, description: 'Answer 202 with the job at once instead of waiting for the result' }),
    retain: integer({
      min: 0,
      max: maxRetain,
      default: maxRetain,
      description: 'Seconds the result is kept after the job has ended; 0 deletes it once it was read',
    }),
    cancel_on_disconnect: flag({
      default: false,
      description: 'Cancel the job when the waiting client goes away',
    }),
    output_name: z
      .string('must be a file name')
      .max(1_000, 'must have at most 1000 characters')
      .default('')
      .meta({ description: 'File name offered with the result' }),
    callback_url: z
      .string('must be a URL')
      .check(({ value, issues }) => {
        const message = value === '' ? undefined : callbackProblem(value, webhooks);
        if (message !== undefined) issues.push({ code: 'custom', input: value, message });
      })
      .default('')
      .meta({
        description:
          `Public https address of at most ${MAX_CALLBACK_URL} characters to which the finished job is posted, signed ` +
          `after the Standard Webhooks specification${webhooks ? '' : '; switched off on this server'}`,
      }),
  });
}

/** What is wrong with an address as far as its spelling tells; its name is resolved when the webhook is sent. */
function callbackProblem(url: string, webhooks: WebhookPolicy | undefined): string | undefined {
  if (!webhooks) return 'cannot be given: this server sends no webhooks';
  try {
    readCallback(url, webhooks);
    return undefined;
  } catch (error) {
    if (error instanceof CallbackRefused) return error.message;
    throw error;
  }
}

export type CallOptionsSchema = ReturnType<typeof callOptions>;
export type CallOptions = z.output<CallOptionsSchema>;

export interface CallParams {
  /** Without the secret ones. */
  readonly params: NewJob['params'];
  readonly secrets: readonly Secret[];
  readonly options: CallOptions;
}

/**
 * Reads parameters and options from a call's form fields and query string; a field wins over the query. Throws
 * `invalid_params` that names every bad value and every form field that is no parameter; what a query string has
 * beside is ignored, since proxies and trackers add to it. Secrets are taken from form fields alone, and come apart.
 */
export function readParams(
  operation: Pick<Operation, 'params'>,
  optionsSchema: CallOptionsSchema,
  { fields, query }: { fields: ReadonlyMap<string, unknown>; query: ReadonlyMap<string, unknown> },
): CallParams {
  const names = [...Object.keys(operation.params.shape), ...Object.keys(optionsSchema.shape)];
  const given = new Map([...query].filter(([name]) => names.includes(name)));
  for (const [name, value] of fields) given.set(name, value);

  const values = Object.fromEntries([...given].filter(([, value]) => typeof value === 'string'));
  const params = operation.params.safeParse(values);
  const options = optionsSchema.safeParse(values);
  const problems = [
    ...misfits(given, names),
    ...exposed(operation.params, query),
    ...problemsOf(params.error),
    ...problemsOf(options.error),
  ];
  if (problems.length > 0 || !params.success || !options.success) throw invalidParams(problems);
  const { open, secrets } = splitSecrets(operation.params, params.data);
  return { params: open, secrets, options: options.data };
}

/** What is wrong with parameters before their values are looked at. */
function misfits(given: ReadonlyMap<string, unknown>, names: readonly string[]): ErrorItem[] {
  return [...given].flatMap(([param, value]) => {
    if (!names.includes(param)) return { param, message: `is not a parameter; parameters are: ${names.join(', ')}` };
    return typeof value === 'string' ? [] : { param, message: 'must be given once' };
  });
}

/** Secrets in the address, which others than we write into their logs. */
function exposed(schema: Operation['params'], query: ReadonlyMap<string, unknown>): ErrorItem[] {
  const names = secretNames(schema).filter((name) => query.has(name));
  return names.map((param) => ({ param, message: 'is a secret: send it as a field of the form' }));
}

function problemsOf(error: z.ZodError | undefined): ErrorItem[] {
  return (error?.issues ?? []).map(({ path, message }) => ({ param: z.core.toDotPath(path), message }));
}

function invalidParams(problems: readonly ErrorItem[]): AppError {
  const detail = problems.map(({ param = '', message }) => `${param} ${message}`).join('; ');
  return new AppError('invalid_params', `${detail}.`, { errors: problems });
}
