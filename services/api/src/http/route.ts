import { AppError } from '@pdf-tools/runtime/errors';
import type { Express, RequestHandler } from 'express';

/** Adds a path with its methods. Any other method gets 405 with `Allow`. */
export function route(
  app: Express,
  path: string,
  methods: { get?: RequestHandler; post?: RequestHandler; delete?: RequestHandler },
): void {
  const resource = app.route(path);
  if (methods.get) resource.get(methods.get);
  if (methods.post) resource.post(methods.post);
  if (methods.delete) resource.delete(methods.delete);
  const names = Object.keys(methods).map((name) => name.toUpperCase());
  if (methods.get || names.length === 0) names.unshift(...(methods.get ? ['HEAD'] : ['GET', 'HEAD']));
  const allowed = [...names, 'OPTIONS'].join(', ');
  resource.all((req, res, next) => {
    res.setHeader('Allow', allowed);
    if (req.method === 'OPTIONS') res.status(204).end();
    else
      next(
        new AppError(
          'method_not_allowed',
          `${req.method} is not supported at this address. Use ${allowed}; see /docs.`,
        ),
      );
  });
}

/** Answers 404, after all routes. */
export const notFound: RequestHandler = (_req, _res, next) => {
  next(new AppError('not_found', 'This address does not exist. See /docs for the addresses of this API.'));
};
