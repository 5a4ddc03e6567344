import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';
import { STYLE } from './style.js';

/** The page's compiled scripts. They import each other by these names. */
const SCRIPTS = ['main.js', 'api.js', 'dom.js', 'format.js', 'show.js'];

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>PDF Tools for operators</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/admin/page/style.css">
<script type="module" src="/admin/page/main.js"></script></head>
<body>
<header><h1>PDF Tools</h1><p id="message" role="status"></p></header>
<main id="sign-in" hidden>
<form id="key-form"><label for="key">Admin key</label>
<input id="key" type="password" autocomplete="current-password" required minlength="16">
<button>Sign in</button><p class="none">The key is in the file admin_key of the secrets directory. This tab forgets it when you close it.</p></form>
</main>
<main id="dashboard" hidden>
<p class="bar"><span id="time"></span><button id="sign-out" type="button">Sign out</button></p>
<dl id="figures"></dl>
${section('dead', 'Failed permanently')}
${section('jobs', 'Running and waiting')}
${section('workers', 'Workers')}
${section('failed', 'Failed')}
</main>
<noscript><p>This page needs JavaScript. Without it, use <code>make jobs</code>, <code>make workers</code> and
<code>make dead-letters</code>.</p></noscript>
</body>
</html>
`;

function section(id: string, title: string): string {
  return `<section><h2 id="${id}-title">${title}</h2><div id="${id}"></div></section>`;
}

/** Returns the handlers of the page and its assets by path. They hold no data, so they need no key. */
export function operatorPage(): ReadonlyMap<string, RequestHandler> {
  const scripts = SCRIPTS.map((name): [string, RequestHandler] => {
    const text = readFileSync(new URL(`./page/${name}`, import.meta.url));
    return [`/admin/page/${name}`, sendAsset('text/javascript; charset=utf-8', text)];
  });
  return new Map([
    ['/admin', sendAsset('text/html; charset=utf-8', Buffer.from(PAGE))],
    ['/admin/page/style.css', sendAsset('text/css; charset=utf-8', Buffer.from(STYLE))],
    ...scripts,
  ]);
}

function sendAsset(type: string, body: Buffer): RequestHandler {
  return (_req, res) => {
    res.setHeader('Content-Type', type);
    res.setHeader('Content-Security-Policy', POLICY);
    res.setHeader('Cache-Control', 'no-cache');
    res.end(body);
  };
}
