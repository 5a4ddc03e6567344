import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@pdf-tools/harness/ports';
import { Product, expectAccessible, tabTo } from './product.mjs';
import { jpeg } from './documents.mjs';

const KEY = 'an-admin-key-for-tests';
const MARKUP = '<img src=x onerror=alert(1)>';

let product;
let address;
beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}/admin/`;
  // Without a worker, jobs wait as long as the test wants.
  product = await Product.start({ ADMIN_KEY: KEY, ADMIN_PORT: String(port) }, ['api']);
});
afterAll(() => product.stop());
afterEach(() => product.close());

async function open(options = {}, key = KEY) {
  const { page, errors } = await product.open({ ...options, address });
  await page.locator('#key').fill(key);
  await page.keyboard.press('Enter');
  return { page, errors };
}

async function queueJob() {
  const form = new FormData();
  form.append('files', new Blob([await jpeg()]), 'photo.jpg');
  const response = await fetch(`${product.stack.url}/api/image-to-pdf?async=true`, { method: 'POST', body: form });
  return (await response.json()).id;
}

/** Queues a job and makes it fail permanently. */
async function failJob(detail) {
  const { stack } = product;
  const id = await queueJob();
  await stack.claim(id);
  await stack.store.failAttempt(id, 1, 1, { code: 'worker_crashed', detail });
  return id;
}

describe('the page for operators', () => {
  it('asks for the key, and says when it is wrong', async () => {
    const { page, errors } = await open({}, 'another-key-of-length');
    await page.getByText('This is not the admin key.').waitFor();
    await expectAccessible(page, 'wrong key');
    await page.locator('#key').fill(KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('tab', { name: /Waiting/ }).waitFor();
    await expectAccessible(page, 'signed in');
    expect(
      await page.evaluate(() => [document.cookie, Object.keys(localStorage).filter((key) => /key/.test(key))]),
    ).toEqual(['', []]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('#key').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(errors).toEqual([]);
  });

  it('finds a job by the beginning of its ID, and cancels it after a question', async () => {
    const [id, other] = [await queueJob(), await queueJob()];
    const { page } = await open();
    await page.getByLabel('Find a job by its ID').fill(id.slice(0, 12).toUpperCase());
    await page.keyboard.press('Enter');
    const found = page.getByRole('table', { name: `Jobs that start with ${id.slice(0, 12)}` });
    await found.getByText('Waiting').waitFor();
    await found.getByRole('button', { name: `Cancel job ${id.slice(0, 12)}` }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page, 'cancel a job');
    await dialog.getByRole('button', { name: 'Keep the job' }).click();
    expect((await (await fetch(`${product.stack.url}/api/jobs/${id}`)).json()).status).toBe('queued');
    await found.getByRole('button', { name: `Cancel job ${id.slice(0, 12)}` }).click();
    await dialog.getByRole('button', { name: 'Cancel the job' }).click();
    await page
      .locator('.message')
      .getByText(`Job ${id.slice(0, 12)} is cancelled`)
      .waitFor();
    await found.getByText('Cancelled').waitFor();
    expect((await (await fetch(`${product.stack.url}/api/jobs/${id}`)).json()).status).toBe('cancelled');
    expect((await (await fetch(`${product.stack.url}/api/jobs/${other}`)).json()).status).toBe('queued');
    await page.getByLabel('Find a job by its ID').fill('abc');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('at least the first 6').waitFor();
    await expectAccessible(page, 'refused search');
  });

  it('works by keyboard, and shows text of others as text', async () => {
    const id = await failJob(MARKUP);
    const { page, errors } = await open();
    await page.getByRole('tab', { name: /Waiting/ }).waitFor();
    await tabTo(page, 'tab', /Waiting/);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: /Running/ }).waitFor();
    await page.keyboard.press('ArrowRight');
    const table = page.getByRole('table', { name: 'Failed permanently' });
    await table.getByText(MARKUP).waitFor();
    await expectAccessible(page, 'failed permanently');
    await tabTo(page, 'button', `Queue again: job ${id.slice(0, 12)}`);
    await page.keyboard.press('Enter');
    await page
      .locator('.message')
      .getByText(`Job ${id.slice(0, 12)} is queued again.`)
      .waitFor();
    expect((await (await fetch(`${product.stack.url}/api/jobs/${id}`)).json()).status).toBe('queued');
    expect(errors).toEqual([]);
  });

  it.each([
    ['light', 360],
    ['dark', 360],
    ['dark', 1280],
  ])('is accessible in German and does not scroll sideways (%s, %i px)', async (colorScheme, width) => {
    await queueJob();
    const { page } = await open({ locale: 'de-DE', colorScheme, viewport: { width, height: 800 } });
    await page.getByRole('tab', { name: /Wartend/ }).waitFor();
    await page.getByRole('table', { name: 'Wartend' }).waitFor();
    await expectAccessible(page, `operators, ${colorScheme}, ${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
