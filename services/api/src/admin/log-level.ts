import { AppError } from '@pdf-tools/runtime/errors';
import { LEVEL_SECONDS, LOGGING_SERVICES } from '@pdf-tools/runtime/log-level';
import { LOG_LEVELS } from '@pdf-tools/runtime/logger';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { RequestHandler } from 'express';
import type { AdminDeps } from './app.js';

const CONFIGURED = 'configured';

/** `POST /admin/api/log-level?level=&service=`: for an hour, of one service or all; `configured` goes back at once. */
export function logLevelRoute({ logLevels }: Pick<AdminDeps, 'logLevels'>): RequestHandler {
  return async (req, res) => {
    const level = wordOf(req.query.level, 'level', [...LOG_LEVELS, CONFIGURED] as const);
    const given = req.query.service ?? '';
    const services = given === '' ? LOGGING_SERVICES : [wordOf(given, 'service', LOGGING_SERVICES)];
    const set = level === CONFIGURED ? undefined : level;
    await orUnavailable(Promise.all(services.map((service) => logLevels.set(service, set))));
    res.json({ services, level, seconds: set === undefined ? null : LEVEL_SECONDS });
  };
}

function wordOf<const Word extends string>(given: unknown, param: string, words: readonly Word[]): Word {
  const known = words.find((word) => word === given);
  if (known !== undefined) return known;
  const message = `${param} is one of: ${words.join(', ')}.`;
  throw new AppError('invalid_params', message, { errors: [{ param, message }] });
}
