import type { Operation } from '@pdf-tools/operations/operation';
import { flag, integer, issueMessage, parameterErrors } from '@pdf-tools/operations/params';
import { secretNames, splitSecrets } from '@pdf-tools/operations/secrets';
import type { Secret } from '@pdf-tools/operations/secrets';
import { CallbackRefused, MAX_CALLBACK_URL, readCallback } from '@pdf-tools/jobs/callback-url';
import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorItem } from '@pdf-tools/runtime/errors';
import { nearestName } from '@pdf-tools/runtime/nearest-name';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import type { WebhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { z } from 'zod';

/**
 * Returns the schema of the options that every operation takes besides its own parameters. `maxRetain` is in seconds.
 * Without `webhooks` the server sends no webhooks.
 */
export function callOptions(maxRetain: number, webhooks?: WebhookPolicy) {
  return z.object({
    async: flag({ default: false, description: 'Answer 202 with the job at once instead of waiting for the result' }),
    retain: integer({
      min: 0,
      max: maxRetain,
      default: maxRetain,
      description: 'Seconds to keep the result after the job ends. 0 deletes it after the first complete download',
    }),
    cancel_on_disconnect: flag({
      default: false,
      description: 'Cancel the job if the client closes the connection while it waits',
    }),
    output_name: z
      .string('must be a file name')
      .max(1_000, 'must have at most 1000 characters')
      .default('')
      .meta({ description: 'File name of the result' }),
    callback_url: z
      .string('must be a URL')
      .check(({ value, issues }) => {
        const message = value === '' ? undefined : callbackProblem(value, webhooks);
        if (message !== undefined) issues.push({ code: 'custom', input: value, message });
      })
      .default('')
      .meta({
        description:
          `Public https URL of at most ${MAX_CALLBACK_URL} characters. The finished job is posted to it, signed as the ` +
          `Standard Webhooks specification describes${webhooks ? '' : '. This server sends no webhooks'}`,
      }),
  });
}

/** Returns what is wrong with the spelling of a URL. Its host name is resolved only when the webhook is sent. */
function callbackProblem(url: string, webhooks: WebhookPolicy | undefined): string | undefined {
  if (!webhooks) return 'cannot be given, because this server sends no webhooks';
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
  /** Without the secrets. */
  readonly params: NewJob['params'];
  readonly secrets: readonly Secret[];
  readonly options: CallOptions;
}

/**
 * Reads parameters and options from the form fields and the query of a request. A field takes precedence over the query. Throws
 * `invalid_params`, which names each unknown name and each bad value.
 */
export function readParams(
  operation: Pick<Operation, 'params'>,
  optionsSchema: CallOptionsSchema,
  { fields, query }: { fields: ReadonlyMap<string, unknown>; query: ReadonlyMap<string, unknown> },
): CallParams {
  const given = new Map([...query, ...fields]);
  const values = Object.fromEntries([...given].filter(([, value]) => typeof value === 'string'));
  const params = operation.params.safeParse(values, { error: issueMessage });
  const options = optionsSchema.safeParse(values, { error: issueMessage });
  const problems = [
    ...nameErrors(given, namesOf(operation, optionsSchema)),
    ...exposedSecrets(operation.params, query),
    ...parameterErrors(params.error),
    ...parameterErrors(options.error),
  ];
  if (problems.length > 0 || !params.success || !options.success) throw invalidParams(problems);
  const { open, secrets } = splitSecrets(operation.params, params.data);
  return { params: open, secrets, options: options.data };
}

/** Checks the names in a query before the body is read. Throws `invalid_params`. */
export function checkQuery(
  operation: Pick<Operation, 'params'>,
  optionsSchema: CallOptionsSchema,
  query: ReadonlyMap<string, unknown>,
): void {
  const problems = [
    ...nameErrors(query, namesOf(operation, optionsSchema)),
    ...exposedSecrets(operation.params, query),
  ];
  if (problems.length > 0) throw invalidParams(problems);
}

function namesOf({ params }: Pick<Operation, 'params'>, options: CallOptionsSchema): string[] {
  return [...Object.keys(params.shape), ...Object.keys(options.shape)];
}

/** Names that are no parameters, and parameters that are given more than once. */
function nameErrors(given: ReadonlyMap<string, unknown>, names: readonly string[]): ErrorItem[] {
  return [...given].flatMap(([param, value]) => {
    if (!names.includes(param)) return { param, message: unknownName(param, names) };
    return typeof value === 'string' ? [] : { param, message: 'must be given once' };
  });
}

function unknownName(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : `did you mean "${nearest}"? `;
  return `is not a parameter; ${hint}parameters are: ${names.join(', ')}`;
}

/** Secrets in the URL, which proxies write to their logs. */
function exposedSecrets(schema: Operation['params'], query: ReadonlyMap<string, unknown>): ErrorItem[] {
  const names = secretNames(schema).filter((name) => query.has(name));
  return names.map((param) => ({ param, message: 'is a secret and must be sent as a form field, not in the URL' }));
}

function invalidParams(problems: readonly ErrorItem[]): AppError {
  const detail = problems.map(({ param = '', message }) => `${param} ${message}`).join('; ');
  return new AppError('invalid_params', `${detail}.`, { errors: problems });
}
