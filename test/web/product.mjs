// The product as processes of this host, and a browser for it.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { TestStack } from '@pdf-tools/harness/stack';
import { chromium } from 'playwright-core';
import { BROWSER_ARGS, browserPath } from './browser.mjs';

/** Rules of WCAG 2.2 A and AA, and good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A running product, a folder for files, and a browser. `stop` ends all of it. */
export class Product {
  #contexts = [];

  constructor(stack, browser, folder) {
    this.stack = stack;
    this.browser = browser;
    this.folder = folder;
  }

  static async start(settings = {}, services = ['api', 'worker', 'scheduler']) {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-web-'));
    const stack = await TestStack.start(services, settings);
    const browser = await chromium.launch({ executablePath: browserPath(), args: BROWSER_ARGS });
    return new Product(stack, browser, folder);
  }

  async stop() {
    await this.browser.close();
    await this.stack.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Opens the page in a new browser context, or another page of the product. Collects the errors in its console. */
  async open({ address = `${this.stack.url}/`, ...options } = {}) {
    const context = await this.browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    this.#contexts.push(context);
    await context.addInitScript(recordForms);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      // The browser reports each request that fails. Tests that expect one check what the page shows.
      const text = message.text();
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) errors.push(text);
    });
    await page.goto(address);
    await page.locator('.tab, form, nav a').first().waitFor();
    return { page, context, errors };
  }

  /** Closes the contexts of a test. */
  async close() {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  /** Writes a file and returns its path. */
  async file(name, bytes) {
    const path = join(this.folder, name);
    await writeFile(path, bytes);
    return path;
  }
}

/** Records the fields of forms that the page sends. Chromium does not report the body of a request with files. */
function recordForms() {
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function record(form) {
    globalThis.sentForm = [...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);
    return send.call(this, form);
  };
}

/** Returns the fields of the form that the page has sent last. Files are given by their names. */
export async function sentForm(page) {
  return page.evaluate(() => globalThis.sentForm);
}

/** Chooses files in the dialog that the button opens. */
export async function choose(page, paths, { by = 'mouse' } = {}) {
  const button = page.getByRole('button', { name: /^(Choose|Add) files$|^Dateien (auswählen|hinzufügen)$/ });
  const dialog = page.waitForEvent('filechooser');
  if (by === 'mouse') await button.click();
  else {
    await button.focus();
    await page.keyboard.press('Enter');
  }
  await (await dialog).setFiles(paths);
}

/** Fails if axe finds anything in the current state of the page. */
export async function expectAccessible(page, state) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(found, [], `axe, ${state}`);
}

/** Presses a key until the element with this role and name has the focus. */
export async function tabTo(page, role, name, { most = 60 } = {}) {
  const target = page.getByRole(role, { name }).first();
  for (let i = 0; i < most; i += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the tab key does not reach ${role} ${name}`);
}

/** Downloads with the link or button that has the focus, or by a click. */
export async function download(page, act) {
  const [started] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: started.suggestedFilename(), path: await started.path() };
}

/** The card of a job. */
export function jobCard(page, name) {
  return page.getByRole('listitem', { name });
}
