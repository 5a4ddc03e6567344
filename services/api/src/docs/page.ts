import { createHash } from 'node:crypto';
import { FORMATS } from '@pdf-tools/operations/formats';
import { fieldsOf, resultFileName } from '@pdf-tools/operations/operation';
import type { Operation, Operations } from '@pdf-tools/operations/operation';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import { cacheByOrigin, originOf } from '../http/origin.js';
import { properties } from './schemas.js';
import type { JsonSchema } from './schemas.js';

const STYLE = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8884; border-radius: .4rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884 }
section { margin-top: 2.5rem }
`;

interface PageOptions {
  readonly options: z.ZodObject;
  readonly maxAgeSeconds: number;
  /** Origin of the examples if the request does not name a valid one. */
  readonly fallbackOrigin: string;
}

/** Stands for the origin in the page until a request names it. */
const ORIGIN = 'https://origin.invalid';

/** Serves the page at /docs, whose examples use the origin of the request. A hash allows its only style sheet. */
export function docsRoute(
  operations: Operations,
  { options, maxAgeSeconds, fallbackOrigin }: PageOptions,
): RequestHandler {
  const page = renderDocs(operations, options);
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
  return (req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.setHeader('Content-Security-Policy', policy);
    cacheByOrigin(res, maxAgeSeconds);
    res.end(page.replaceAll(ORIGIN, originOf(req) ?? fallbackOrigin));
  };
}

/** Returns the HTML of the page, with `ORIGIN` in its examples. */
export function renderDocs(operations: Operations, options: z.ZodObject): string {
  const sections = Object.entries(operations).map(([name, operation]) => renderOperation(name, operation));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>PDF Tools API</title><style>${STYLE}</style></head>
<body>
<h1>PDF Tools API</h1>
<p>Each operation takes a multipart form and answers with the result if it is ready in time. With <code>async=true</code> or
<code>Prefer: respond-async</code> it answers 202 with a job at once. With an <code>Idempotency-Key</code> a request can be
repeated safely: the same request gets the job of the first one. <a href="/openapi.json">/openapi.json</a> describes the API
for programs, and <a href="/api/limits">/api/limits</a> lists the limits in force.</p>
${sections.join('\n')}
<section><h2>Options of every operation</h2>${renderTable(properties(options))}</section>
${JOBS}
<section><h2>Errors</h2><p>An error is <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>. Each entry of
<code>errors</code> names the <code>file</code> or <code>param</code> and, if one was exceeded, the <code>limit</code>.</p>
${renderErrors()}</section>
</body>
</html>
`;
}

const JOBS = `<section><h2>Jobs</h2>
<pre>curl ${ORIGIN}/api/jobs/ID            # the job
curl ${ORIGIN}/api/jobs/ID/events     # the job as server-sent events
curl --fail-with-body -O -J ${ORIGIN}/api/jobs/ID/result
curl -X DELETE ${ORIGIN}/api/jobs/ID  # cancel or delete</pre></section>`;

function renderOperation(name: string, { title, summary, accepts, params, result }: Operation): string {
  const formats = accepts.formats.map((format) => FORMATS[format]);
  const sample = `sample.${formats[0]?.extension ?? 'pdf'}`;
  const form = accepts.field === 'file' ? [`file=@${sample}`] : [`files=@first-${sample}`, `files=@second-${sample}`];
  const lines = [
    `curl --fail-with-body ${form.map((item) => `-F ${item}`).join(' ')} -o ${resultFileName(result)} ${ORIGIN}/api/${name}`,
  ];
  return `<section id="${escapeHtml(name)}"><h2>${escapeHtml(title)}</h2>
<p><code>POST /api/${escapeHtml(name)}</code></p><p>${escapeHtml(summary)}</p>
<p>${fieldsOf(accepts)
    .map(
      (field) => `Field <code>${field}</code>: ${field === 'file' ? 'one file' : `at most ${accepts.maxFiles} files`}`,
    )
    .join(', or ')} (${escapeHtml(formats.map(({ label }) => label).join(', '))}).</p>
<pre>${escapeHtml(lines.join('\n'))}</pre>
${renderTable(properties(params))}</section>`;
}

function renderTable(schemas: Readonly<Record<string, JsonSchema>>): string {
  const rows = Object.entries(schemas).map(
    ([name, schema]) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(valuesOf(schema))}</td>` +
      `<td>${escapeHtml(show(schema.default))}</td><td>${escapeHtml(show(schema.description))}</td></tr>`,
  );
  if (rows.length === 0) return '';
  return `<table><thead><tr><th>Parameter</th><th>Values</th><th>Default</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Returns the valid values of a parameter in words. */
function valuesOf({ type, minimum, maximum, enum: words }: JsonSchema): string {
  if (Array.isArray(words)) return words.join(', ');
  if (minimum !== undefined && maximum !== undefined) return `${show(minimum)} to ${show(maximum)}`;
  if (type === 'boolean') return 'true, false';
  return show(type);
}

function renderErrors(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { status, title }]) =>
      `<tr><td>${status}</td><td><code>${code}</code></td><td>${escapeHtml(title)}</td></tr>`,
  );
  return `<table><thead><tr><th>Status</th><th>Code</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
