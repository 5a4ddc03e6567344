import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';
import { STYLE } from './style.js';

/** The page's scripts as they were compiled, by the names under which they import each other. */
const SCRIPTS = ['main.js', 'api.js', 'dom.js', 'format.js', 'show.js'];

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>PDF Tools: operators</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/admin/page/style.css">
<script type="module" src="/admin/page/main.js"></script></head>
<body>
<header><h1>PDF Tools</h1><p id="message" role="status"></p></header>
<main id="door" hidden>
<form id="enter"><label for="key">Admin key</label>
<input id="key" type="password" autocomplete="current-password" required minlength="16">
<button>Look</button><p class="none">It is the file admin_key in the folder of secrets, and is forgotten with this tab.</p></form>
</main>
<main id="desk" hidden>
<p class="bar"><span id="time"></span><button id="leave" type="button">Forget the key</button></p>
<dl id="figures"></dl>
${section('dead', 'Given up')}
${section('jobs', 'At work and waiting')}
${section('workers', 'Workers')}
${section('failed', 'Failed')}
</main>
<noscript><p>This page needs JavaScript; <code>make jobs</code>, <code>make workers</code> and <code>make dead</code> do not.</p></noscript>
</body>
</html>
`;

function section(id: string, title: string): string {
  return `<section><h2 id="${id}-title">${title}</h2><div id="${id}"></div></section>`;
}

/** What the page consists of, by its paths below /admin. It holds nothing of anybody: the key is asked for by its script. */
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
