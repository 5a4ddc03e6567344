import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Product, choose, expectAccessible } from './product.mjs';
import { pdfOf } from './documents.mjs';

const MAX_BYTES = 100_000;
const MAX_REQUESTS = 6;

let product;
beforeAll(async () => {
  product = await Product.start({}, ['api']);
});
afterAll(() => product.stop());
afterEach(() => product.close());

/** Loads the page and returns its requests with the bytes that were transferred. */
async function load(options = {}) {
  const context = await product.browser.newContext(options);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const requests = new Map();
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) =>
    requests.set(requestId, { url: request.url, bytes: 0 }),
  );
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await page.goto(product.stack.url, { waitUntil: 'networkidle' });
  return { context, page, requests };
}

describe('the first load', () => {
  it('stays in its budget of bytes and requests, and asks only this server', async () => {
    const { context, requests } = await load();
    const all = [...requests.values()];
    const bytes = all.reduce((sum, request) => sum + request.bytes, 0);
    console.log(`first load: ${all.length} requests, ${bytes} bytes`);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(MAX_BYTES);
    expect(all.length).toBeLessThanOrEqual(MAX_REQUESTS);
    expect(all.filter(({ url }) => !url.startsWith(product.stack.url))).toEqual([]);
    expect(all.filter(({ url }) => url.includes('pdf'))).toEqual([]);
    await context.close();
  });

  it('loads pdf.js only when a PDF is shown', async () => {
    const { context, page, requests } = await load({ locale: 'en-GB' });
    await choose(page, [await product.file('shown.pdf', await pdfOf(300))]);
    await page.locator('.file-row img').waitFor();
    expect([...requests.values()].some(({ url }) => url.includes('pdf.worker'))).toBe(true);
    expect(
      [...requests.values()].filter(({ url }) => !url.startsWith(product.stack.url) && !url.startsWith('blob:')),
    ).toEqual([]);
    await context.close();
  });

  it('has a title, a description and a language', async () => {
    const { page } = await product.open();
    expect(await page.title()).toBe('PDF Tools');
    expect(await page.locator('meta[name=description]').getAttribute('content')).toMatch(/\w{20,}|\w+ \w+/);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});

describe('an empty page', () => {
  it.each([
    ['light', 1280, 'en-GB'],
    ['dark', 1280, 'en-GB'],
    ['light', 360, 'de-DE'],
    ['dark', 768, 'de-DE'],
  ])('is accessible (%s, %i px, %s)', async (colorScheme, width, locale) => {
    const { page, errors } = await product.open({ colorScheme, locale, viewport: { width, height: 800 } });
    await expectAccessible(page, 'empty');
    expect(errors).toEqual([]);
  });

  it('follows the theme and the language that the person chooses, also after a reload', async () => {
    const { page } = await product.open({ colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByLabel('Appearance').selectOption('dark');
    expect(await background()).not.toBe(light);
    await page.getByLabel('Language').selectOption('de');
    await page.reload();
    await page.getByRole('heading', { name: 'Dateien hier ablegen' }).waitFor();
    expect(await background()).not.toBe(light);
  });
});
