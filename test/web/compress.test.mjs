import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jpeg, pagesOf, pdfOf, scan } from './documents.mjs';
import { Product, choose, download, expectAccessible, jobCard } from './product.mjs';

let product;
let large;
beforeAll(async () => {
  large = await scan(2);
  product = await Product.start({ MAX_UPLOAD_BYTES: String(large.length + 1_000) });
});
afterAll(() => product.stop());
afterEach(() => product.close());

async function compress(options = {}) {
  const { page, errors } = await product.open(options);
  await page.getByRole('tab').nth(1).click();
  await choose(page, [await product.file('scans.pdf', large)]);
  await page.locator('.submit button').click();
  const card = jobCard(page, /scans\.pdf/);
  await card.locator('.badge.good').waitFor();
  return { page, card, errors };
}

describe('a compressed file', () => {
  it('shows sizes, what changed, a countdown, and downloads under its own name', async () => {
    const { page, card, errors } = await compress();
    await card.getByText(/% smaller/).waitFor();
    await card.getByText(/Deleted automatically in \d+:\d\d/).waitFor();
    await card.getByText('What changed').click();
    await card.getByText('2 images reduced in resolution').waitFor();
    await card.getByText('All images').click();
    await expectAccessible(page, 'compressed');
    const { name } = await download(page, () => card.getByRole('link', { name: 'Download' }).click());
    expect(name).toBe('scans (compressed).pdf');
    expect(errors).toEqual([]);
  });

  it('compares each page before and after, with a slider and zoom, by keyboard too', async () => {
    const { page, card, errors } = await compress();
    await card.getByRole('button', { name: 'Compare pages' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('.side canvas').nth(1).waitFor();
    await dialog.getByText('Page 1 of 2').first().waitFor();
    await expectAccessible(page, 'comparison');
    const colours = await dialog
      .locator('.side canvas')
      .evaluateAll((canvases) =>
        canvases.map(
          (canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size,
        ),
      );
    // Both sides show an image, not a blank page.
    for (const count of colours) expect(count).toBeGreaterThan(20);
    const split = () => dialog.locator('.overlay').evaluate((overlay) => overlay.style.getPropertyValue('--split'));
    await dialog.getByRole('slider').focus();
    await page.keyboard.press('Home');
    expect(await split()).toBe('0%');
    const box = await dialog.locator('.overlay').boundingBox();
    await page.mouse.move(box.x + box.width * 0.1, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 50, { steps: 4 });
    await page.mouse.up();
    expect(await split()).toBe('75%');
    const width = box.width;
    await dialog.getByRole('button', { name: 'Zoom in' }).click();
    await page.waitForFunction((before) => document.querySelector('.overlay').clientWidth > before + 10, width);
    await dialog.getByRole('button', { name: 'Next page' }).click();
    await dialog.getByText('Page 2 of 2').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('is deleted from the server at once', async () => {
    const { page, card } = await compress();
    const url = await card.getByRole('link', { name: 'Download' }).getAttribute('href');
    await card.getByRole('button', { name: 'Delete now' }).click();
    await card.getByText('The result was deleted from the server.').waitFor();
    expect((await fetch(product.stack.url + url)).status).toBe(404);
    await page.reload();
    await page.getByRole('tab').first().waitFor();
    expect(await page.locator('.job').count()).toBe(0);
  });

  it('has a job of its own for each file', async () => {
    const { page } = await product.open();
    await page.getByRole('tab', { name: 'Compress' }).click();
    const files = ['one.pdf', 'two.pdf'].map(async (name) => product.file(name, await pdfOf(300, 301)));
    await choose(page, await Promise.all(files));
    await page.getByRole('button', { name: 'Compress 2 files' }).click();
    for (const name of [/one\.pdf/, /two\.pdf/]) await jobCard(page, name).getByText('Compressed').waitFor();
  });
});

describe('images', () => {
  it('become one PDF with the chosen page size, each with its own rotation', async () => {
    const { page } = await product.open();
    await page.getByRole('tab', { name: 'Images to PDF' }).click();
    const images = [
      await product.file('one.jpg', await jpeg(400, 200)),
      await product.file('two.jpg', await jpeg(400, 200)),
    ];
    await choose(page, images);
    await page.getByRole('button', { name: 'Rotate to the right: two.jpg' }).click();
    await page.getByLabel('Page size').selectOption('A4');
    await page.getByRole('button', { name: 'Create PDF from 2 images' }).click();
    const card = jobCard(page, /one\.jpg/);
    await card.getByText('Created').waitFor();
    const { path } = await download(page, () => card.getByRole('link', { name: 'Download' }).click());
    // The first page turns to suit its image, the second one does not have to.
    expect((await pagesOf(path)).map(([width]) => width)).toEqual([842, 595]);
  });
});

describe('an error', () => {
  it('appears at the option that caused it', async () => {
    const { page } = await product.open();
    await page.getByRole('tab', { name: 'Compress' }).click();
    await choose(page, [await product.file('small.pdf', await pdfOf(300))]);
    await page.getByLabel('Target size').fill('tiny');
    await page.getByRole('button', { name: 'Compress 1 file' }).click();
    const option = page.locator('.option', { hasText: 'Target size' });
    await option.getByRole('alert').waitFor();
    expect(await page.getByLabel('Target size').getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page, 'invalid option');
    await page.getByLabel('Target size').fill('2 MB');
    await option.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('names a damaged file, in German if the page is German', async () => {
    const { page } = await product.open({ locale: 'de-DE' });
    await page.getByRole('tab', { name: 'Verkleinern' }).click();
    await choose(page, [await product.file('kaputt.pdf', Buffer.from('%PDF-1.7\nnothing'))]);
    await page.getByRole('button', { name: '1 Datei verkleinern' }).click();
    const row = page.locator('.file-row', { hasText: 'kaputt.pdf' });
    await row.getByText('Das PDF ist beschädigt').waitFor();
    await row.getByText('Speichere es mit einem anderen Programm neu').waitFor();
    await expectAccessible(page, 'damaged file');
  });

  it('says that a file is too large before it is sent, and what the limit is', async () => {
    const { page } = await product.open();
    const bytes = Buffer.concat([large, Buffer.alloc(2_000)]);
    await page.getByRole('tab', { name: 'Compress' }).click();
    await choose(page, [await product.file('huge.pdf', bytes)]);
    await page.locator('.file-row', { hasText: 'huge.pdf' }).getByText('The files are too large').waitFor();
    expect(await page.getByRole('button', { name: 'Compress 1 file' }).isDisabled()).toBe(true);
    await page.getByRole('tab', { name: 'Merge' }).click();
    await choose(page, [await product.file('huge.pdf', bytes)]);
    await page.getByText(/and the limit is/).waitFor();
    await expectAccessible(page, 'too large');
  });
});

describe('German on a phone', () => {
  it('does the same without scrolling sideways, in both themes', async () => {
    for (const colorScheme of ['light', 'dark']) {
      const { page, card } = await compress({ locale: 'de-DE', colorScheme, viewport: { width: 360, height: 740 } });
      await card.getByText('Was sich geändert hat').click();
      await card.getByRole('button', { name: 'Seiten vergleichen' }).click();
      await page.getByRole('dialog').locator('.side canvas').nth(1).waitFor();
      await expectAccessible(page, `comparison, ${colorScheme}`);
      await page.getByRole('button', { name: 'Schließen' }).click();
      await expectAccessible(page, `phone, ${colorScheme}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });
});
