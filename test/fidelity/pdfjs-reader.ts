/**
 * Main of a process that reads the PDF files named as its arguments with pdf.js and writes a JSON array of what it saw.
 * It is a separate process, because pdf.js loads modules while it runs.
 */
import { readFile } from 'node:fs/promises';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { hashOf } from './graph.js';
import type { Seen } from './second-reader.js';

type Reader = Awaited<ReturnType<typeof getDocument>['promise']>;
type Page = Awaited<ReturnType<Reader['getPage']>>;
type Outline = Awaited<ReturnType<Reader['getOutline']>>;
type PageReference = Parameters<Reader['getPageIndex']>[0];
interface StructNode {
  readonly role?: string;
  readonly type?: string;
  readonly id?: string;
  readonly children?: readonly StructNode[];
}

const seen: Seen[] = [];
for (const path of process.argv.slice(2)) seen.push(await look(new Uint8Array(await readFile(path))));
process.stdout.write(JSON.stringify(seen));

async function look(data: Uint8Array): Promise<Seen> {
  const task = getDocument({ data, verbosity: 0, useSystemFonts: false, isEvalSupported: false });
  const reader = await task.promise;
  const pages = await Promise.all(Array.from({ length: reader.numPages }, (_, index) => reader.getPage(index + 1)));
  const attachments = (await reader.getAttachments()) as Record<string, { readonly content: Uint8Array }> | null;
  const fields = (await reader.getFieldObjects()) ?? {};
  const layers = await reader.getOptionalContentConfig();
  const facts: Seen = {
    outline: await outlineLines(reader, await reader.getOutline()),
    labels: await reader.getPageLabels(),
    attachments: Object.values(attachments ?? {}).map(({ content }) => hashOf(content)),
    fields: Object.entries(fields).flatMap(([name, widgets]) => fieldLines(name, widgets)),
    links: (await Promise.all(pages.map((page, index) => linkLines(reader, page, index)))).flat(),
    layers: [...layers].map(([, { name, visible }]: [string, { name: string; visible: boolean }]) =>
      [name, visible ? 'shown' : 'hidden'].join(' '),
    ),
    tags: await Promise.all(pages.map(tagLines)),
  };
  await task.destroy();
  return facts;
}

async function outlineLines(reader: Reader, items: Outline | null): Promise<string[]> {
  const lines = (items ?? []).map(async ({ title, dest, items: below }) => [
    `${title} at ${await pageOf(reader, dest)}`,
    ...(await outlineLines(reader, below as Outline)),
  ]);
  return (await Promise.all(lines)).flat();
}

/** Returns the position of the page of a destination, from 0, or -1 without one. */
async function pageOf(reader: Reader, dest: string | readonly unknown[] | null): Promise<number> {
  const explicit: readonly unknown[] | null = typeof dest === 'string' ? await reader.getDestination(dest) : dest;
  const reference = explicit?.[0];
  if (typeof reference !== 'object' || reference === null) return -1;
  return reader.getPageIndex(reference as PageReference).catch(() => -1);
}

function fieldLines(name: string, widgets: object): string[] {
  const list = Object.values(widgets) as { readonly type: string; readonly page: number }[];
  return list.filter(({ type }) => type !== '').map(({ page }) => `${name} on ${page}`);
}

async function linkLines(reader: Reader, page: Page, index: number): Promise<string[]> {
  const annotations = (await page.getAnnotations()) as {
    readonly subtype: string;
    readonly dest?: string | readonly unknown[] | null;
    readonly url?: string;
  }[];
  const links = annotations.filter(({ subtype }) => subtype === 'Link');
  const lines = links.map(async ({ dest, url }) => `${index} to ${url ?? (await pageOf(reader, dest ?? null))}`);
  return Promise.all(lines);
}

/** The role and the text of each piece of tagged content. */
async function tagLines(page: Page): Promise<string[]> {
  const texts = await markedTexts(page);
  const root = (await page.getStructTree()) as StructNode | null;
  const lines: string[] = [];
  const waiting: { node: StructNode; role: string }[] = root ? [{ node: root, role: '' }] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node } = next;
    if (node.type === 'content') lines.push(`${next.role}: ${texts.get(node.id ?? '') ?? ''}`);
    else if (node.type !== undefined) lines.push(`${next.role}: ${node.type}`);
    const role = node.role ?? next.role;
    waiting.push(...(node.children ?? []).map((child) => ({ node: child, role })).reverse());
  }
  return lines;
}

async function markedTexts(page: Page): Promise<Map<string, string>> {
  const { items } = await page.getTextContent({ includeMarkedContent: true });
  const texts = new Map<string, string>();
  const open: string[] = [];
  for (const item of items) {
    if ('str' in item) {
      const id = open.at(-1) ?? '';
      texts.set(id, (texts.get(id) ?? '') + item.str);
    } else if (item.type === 'endMarkedContent') open.pop();
    else open.push(item.id);
  }
  return texts;
}
