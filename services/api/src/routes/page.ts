import { existsSync, readdirSync } from 'node:fs';
import { extname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operatorPageFile, pageFile } from '@pdf-tools/web/files';
import type { RequestHandler, Response } from 'express';
import { notFound } from '../http/route.js';

/**
 * Policy of the page and its scripts. A worker has the policy of its own script, so all files have the same one. nginx sends it
 * too (nginx/snippets/page-headers.conf).
 */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.ttf': 'font/ttf',
};

/** Returns the location of a file of a built page. */
type PageFolder = (name: string) => URL;

/** The page for operators, which the admin listener serves. */
export const OPERATOR_PAGE: PageFolder = operatorPageFile;

/** The files of a page by their path, relative to its folder. Empty if the page is not built. */
function listFiles(fileOf: PageFolder): ReadonlySet<string> {
  const folder = fileURLToPath(fileOf('.'));
  if (!existsSync(folder)) return new Set();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Set(names.map((name) => name.replaceAll(sep, '/')).filter((name) => extname(name) !== ''));
}

/**
 * `GET /` sends the page to a browser and 404 to other clients. If the page is not built, a browser is redirected to the
 * documentation.
 */
export function rootRoute(): RequestHandler {
  const files = listFiles(pageFile);
  return (req, res, next) => {
    res.vary('Accept');
    if (req.accepts(['json', 'html']) !== 'html') {
      res.setHeader('Cache-Control', 'no-store');
      notFound(req, res, next);
    } else if (files.has('index.html')) {
      res.setHeader('Cache-Control', 'no-cache');
      sendPageFile('index.html', { fileOf: pageFile, files }, res);
    } else res.redirect(302, '/docs');
  };
}

/** `GET /admin` sends the page for operators. It holds no data, so it needs no key. */
export function operatorPageRoute(): RequestHandler {
  const files = listFiles(OPERATOR_PAGE);
  return (req, res, next) => {
    if (!files.has('index.html')) {
      notFound(req, res, next);
      return;
    }
    res.setHeader('Cache-Control', 'no-cache');
    sendPageFile('index.html', { fileOf: OPERATOR_PAGE, files }, res);
  };
}

/** Sends a file in the assets of a page. Its name changes with its content, so it is cached for a year. */
export function assetRoute(fileOf: PageFolder = pageFile): RequestHandler {
  const files = listFiles(fileOf);
  return (req, res, next) => {
    const name = decodeURIComponent(req.path.slice(req.path.indexOf('/assets/') + 1));
    if (!files.has(name) || extname(name) === '.gz') {
      notFound(req, res, next);
      return;
    }
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    sendPageFile(name, { fileOf, files }, res);
  };
}

/** Sends the compressed copy of a file if there is one and the client accepts it. */
function sendPageFile(
  name: string,
  { fileOf, files }: { readonly fileOf: PageFolder; readonly files: ReadonlySet<string> },
  res: Response,
): void {
  const hasCopy = files.has(`${name}.gz`);
  if (hasCopy) res.vary('Accept-Encoding');
  const isCompressed = hasCopy && res.req.acceptsEncodings('gzip') === 'gzip';
  if (isCompressed) res.setHeader('Content-Encoding', 'gzip');
  res.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
  res.setHeader('Content-Security-Policy', PAGE_POLICY);
  res.sendFile(fileURLToPath(fileOf(isCompressed ? `${name}.gz` : name)), {
    acceptRanges: false,
    cacheControl: false,
    lastModified: false,
  });
}
