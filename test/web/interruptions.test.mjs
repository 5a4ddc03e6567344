import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jpeg, pdfOf } from './documents.mjs';
import { Product, choose, download, expectAccessible, jobCard } from './product.mjs';

const KEY = 'a-key-of-the-office';
const BAD_GATEWAY = {
  status: 502,
  contentType: 'application/problem+json',
  body: JSON.stringify({ code: 'bad_gateway', status: 502, detail: 'The service could not be reached.', errors: [] }),
};

describe('a job that waits', () => {
  let product;
  beforeAll(async () => {
    // Without a worker, jobs wait as long as the test wants.
    product = await Product.start({}, ['api', 'scheduler']);
  });
  afterAll(() => product.stop());
  afterEach(async () => {
    await product.close();
    if (product.stack.processes.has('worker')) {
      await product.stack.process('worker').stop();
      product.stack.processes.delete('worker');
    }
  });

  async function start() {
    const { page, context } = await product.open();
    await choose(page, [
      await product.file('one.pdf', await pdfOf(300)),
      await product.file('two.pdf', await pdfOf(310)),
    ]);
    await page.getByRole('button', { name: 'Merge 2 files' }).click();
    const card = jobCard(page, /one\.pdf/);
    await card.getByText(/Next in the queue|before this one/).waitFor();
    return { page, context, card };
  }

  const finish = async (card) => {
    await product.stack.startService('worker');
    await card.getByText('Merged').waitFor();
  };

  it('says its place in the queue, and is cancelled', async () => {
    const { page, card } = await start();
    await expectAccessible(page, 'waiting');
    const id = JSON.parse(await page.evaluate(() => sessionStorage.getItem('pdf-tools:jobs')))[0].id;
    await card.getByRole('button', { name: 'Cancel' }).click();
    await card.getByText('Cancelled').waitFor();
    await page.waitForFunction(
      async (job) => (await (await fetch(`/api/jobs/${job}`)).json()).status === 'cancelled',
      id,
    );
    await expectAccessible(page, 'cancelled');
  });

  it('is followed again after a reload', async () => {
    const { page, card } = await start();
    await page.reload();
    await card.getByText('Next in the queue').waitFor();
    await finish(card);
    await download(page, () => card.getByRole('link', { name: 'Download' }).click());
  });

  it('is followed again when the network is back', async () => {
    const { context, card } = await start();
    await context.setOffline(true);
    await card.getByText('No connection to the server').waitFor();
    await product.stack.startService('worker');
    await context.setOffline(false);
    await card.getByText('Merged').waitFor();
  });

  it('is followed again when the server has restarted', async () => {
    const { card } = await start();
    await product.stack.process('api').stop();
    await card.getByText('No connection to the server').waitFor();
    await product.stack.startService('api');
    await finish(card);
  });

  it('is sent again when the network fails during the upload, and exists once', async () => {
    const { page, context } = await product.open();
    await choose(page, [
      await product.file('sent.jpg', await jpeg(3000, 2000)),
      await product.file('two.pdf', await pdfOf(310)),
    ]);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Merge 2 files' }).click();
    const card = jobCard(page, /sent\.jpg/);
    await card.getByText('No connection to the server').waitFor();
    await context.setOffline(false);
    await finish(card);
    expect(await page.locator('.job').count()).toBe(1);
  });
});

describe('a page without a server behind it', () => {
  let product;
  beforeAll(async () => {
    product = await Product.start({}, ['api']);
  });
  afterAll(() => product.stop());
  afterEach(() => product.close());

  it.each([
    ['en-GB', 'nothing', (route) => route.abort(), 'The server does not answer at the moment.'],
    ['de-DE', 'a 502 of nginx', (route) => route.fulfill(BAD_GATEWAY), 'Der Server antwortet gerade nicht.'],
  ])('says so, takes files, and goes on automatically (%s, %s)', async (locale, _answer, answer, text) => {
    const context = await product.browser.newContext({ locale });
    await context.route('**/api/limits', answer);
    const page = await context.newPage();
    await page.goto(product.stack.url);
    await page.getByRole('status').getByText(text).waitFor();
    await expectAccessible(page, 'no server');
    await choose(page, [await product.file('early.pdf', await pdfOf(300))]);
    await page.locator('.file-row', { hasText: 'early.pdf' }).waitFor();
    await context.unroute('**/api/limits');
    await page.getByText(text).waitFor({ state: 'detached' });
    await context.close();
  });
});

describe('a server with API keys', () => {
  let product;
  beforeAll(async () => {
    product = await Product.start({ API_KEYS: `office:${KEY}` });
  });
  afterAll(() => product.stop());
  afterEach(() => product.close());

  it('asks for the key, says if it is wrong, and works with the right one', async () => {
    const { page } = await product.open();
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.waitFor();
    await expectAccessible(page, 'API key');
    await dialog.getByRole('textbox').or(dialog.locator('input')).first().fill('wrong');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('The server does not accept this key.').waitFor();
    await dialog.locator('input').first().fill(KEY);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(/Up to/).waitFor();
    await choose(page, [
      await product.file('one.pdf', await pdfOf(300)),
      await product.file('two.pdf', await pdfOf(310)),
    ]);
    await page.getByRole('button', { name: 'Merge 2 files' }).click();
    const card = jobCard(page, /one\.pdf/);
    await card.getByText('Merged').waitFor();
    const { name } = await download(page, () => card.getByRole('button', { name: 'Download' }).click());
    expect(name).toBe('merged.pdf');
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('key')))).toEqual([]);
  });
});
