import { LEVEL_SECONDS, LOGGING_SERVICES } from '@pdf-tools/runtime/log-level';
import { LOG_LEVELS } from '@pdf-tools/runtime/logger';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { RequestHandler } from 'express';
import type { AdminDeps } from './app.js';
import { invalid } from './query.js';

const CONFIGURED = 'configured';

/**
 * `POST /admin/api/log-level?level=&service=` sets the log level of one service, or of all, for an hour. The level
 * `configured` restores the configured one at once.
 */
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
  throw invalid(param, `must be one of: ${words.join(', ')}`);
}
