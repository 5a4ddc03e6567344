import type { IncomingMessage } from 'node:http';
import { AppError } from '@pdf-tools/runtime/errors';

/** Returns the 401 for a request whose key is missing or wrong. `kind` is what to call the key. */
export function unauthorized({ headers }: IncomingMessage, kind: 'API key' | 'admin key'): AppError {
  const param = ['authorization', 'x-api-key'].find((name) => headers[name] !== undefined);
  if (param === undefined)
    return new AppError(
      'unauthorized',
      `An ${kind} is required. Send "Authorization: Bearer KEY" or "X-API-Key: KEY".`,
      {
        errors: [{ param: 'Authorization', message: `must have an ${kind}` }],
      },
    );
  const name = param === 'authorization' ? 'Authorization' : 'X-API-Key';
  const form = param === 'authorization' ? ' It must have the form "Bearer KEY".' : '';
  return new AppError('unauthorized', `The ${kind} in "${name}" is not valid. Check the key.${form}`, {
    errors: [{ param: name, message: `must have a valid ${kind}` }],
  });
}
