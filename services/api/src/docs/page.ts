import { createHash } from 'node:crypto';
import { FORMATS } from '@pdf-tools/operations/formats';
import { fieldsOf } from '@pdf-tools/operations/operation';
import type { Operation, Operations } from '@pdf-tools/operations/operation';
import type { RequestHandler } from 'express';
import { cacheByOrigin, originOf } from '../http/origin.js';
import { chapters } from './chapters.js';
import { ORIGIN, operationExamples } from './examples.js';
import { parameterTable } from './fields.js';
import { escapeHtml, examples } from './html.js';
import type { PathOptions } from './operation-path.js';
import { properties } from './schemas.js';

/** The colours are those of the page (services/web/src/app/style/tokens.css). */
const STYLE = `
:root {
  color-scheme: light dark; --line: light-dark(#dedad2, #3a3d44); --accent: light-dark(#2457d6, #8fb0ff);
  --surface: light-dark(#ffffff, #1f2125)
}
* { box-sizing: border-box }
body {
  font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem;
  background: light-dark(#f6f5f2, #16171a); color: light-dark(#1d1d1f, #ececee)
}
a { color: var(--accent); text-underline-offset: .2em }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
h1, h2, h3 { line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 3rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem }
code { overflow-wrap: anywhere }
pre, .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .625rem; background: var(--surface) }
pre { padding: .75rem; font-size: .875rem; line-height: 1.5 }
pre code { overflow-wrap: normal }
td:first-child code, td:nth-child(2) code { white-space: nowrap }
table { border-collapse: collapse; width: 100%; min-width: 34rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line) }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none }
nav a { display: inline-block; padding: .25rem 0 }
`;

interface PageOptions extends PathOptions {
  readonly maxAgeSeconds: number;
  /** Origin of the examples if the request does not name a valid one. */
  readonly fallbackOrigin: string;
}

/**
 * Serves the page at /docs, whose examples use the origin of the request. A hash allows its only style sheet. It has no scripts.
 * Tools that check pages read /robots.txt as a connection of the page.
 */
export function docsRoute(
  operations: Operations,
  { maxAgeSeconds, fallbackOrigin, ...options }: PageOptions,
): RequestHandler {
  const page = renderDocs(operations, options);
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
  return (req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.setHeader('Content-Security-Policy', policy);
    cacheByOrigin(res, maxAgeSeconds);
    res.end(page.replaceAll(ORIGIN, originOf(req) ?? fallbackOrigin));
  };
}

/** Returns the HTML of the page, with `ORIGIN` in its examples. */
export function renderDocs(operations: Operations, { options, maxUploadBytes }: PathOptions): string {
  const callOptions = properties(options);
  const [requests, ...others] = chapters(operations, {
    maxUploadBytes,
    maxRetain: Number(callOptions.retain?.maximum ?? 0),
  });
  const sections = [
    ...(requests ? [requests] : []),
    ...Object.entries(operations).map(([name, operation]) => ({
      id: name,
      title: operation.title,
      html: renderOperation(name, operation),
    })),
    { id: 'options', title: 'Options of every operation', html: parameterTable(callOptions) },
    ...others,
  ];
  const links = sections.map(({ id, title }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`);
  const bodies = sections.map(
    ({ id, title, html }) => `<section id="${escapeHtml(id)}"><h2>${escapeHtml(title)}</h2>\n${html}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="How to convert images to PDF, merge PDFs and compress PDFs with the HTTP API of PDF Tools.">
<title>PDF Tools API</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<header><h1>PDF Tools API</h1>
<nav aria-label="Contents"><ul>${links.join('\n')}</ul></nav></header>
<main>
${bodies.join('\n')}
</main>
</body>
</html>
`;
}

function renderOperation(name: string, operation: Operation): string {
  const { summary, accepts, params } = operation;
  const fields = fieldsOf(accepts).map(
    (field) => `Field <code>${field}</code>: ${field === 'file' ? 'one file' : `at most ${accepts.maxFiles} files`}`,
  );
  const formats = accepts.formats.map((format) => FORMATS[format].label).join(', ');
  return `<p><code>POST /api/${escapeHtml(name)}</code></p><p>${escapeHtml(summary)}</p>
<p>${fields.join(', or ')} (${escapeHtml(formats)}).</p>
${examples(name, operationExamples(name, operation))}
<h3>Parameters</h3>
${parameterTable(properties(params))}`;
}
