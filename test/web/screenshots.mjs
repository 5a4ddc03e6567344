#!/usr/bin/env node
// Usage: screenshots.mjs FOLDER [README_IMAGE]
// Takes screenshots of the states of the page as desktop, tablet and phone show them, light and dark, English and German. With
// README_IMAGE, also writes the WebP image of the README: a comparison before and after compression. Needs a compiled tree
// and the packages of test/web (make test-web).
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { jpeg, pdfOf } from './documents.mjs';
import { letter } from './letter.mjs';
import { Product, choose, jobCard } from './product.mjs';

const [, , folder = '.run/page', readmeImage] = process.argv;
const SCREENS = {
  desktop: { width: 1280, height: 860 },
  tablet: { width: 820, height: 1100 },
  phone: { width: 360, height: 740 },
};

await mkdir(folder, { recursive: true });
const product = await Product.start();
try {
  if (readmeImage !== undefined) await takeReadmeImage(readmeImage);
  else
    for (const [screen, viewport] of Object.entries(SCREENS))
      for (const colorScheme of ['light', 'dark']) {
        const locale = colorScheme === 'dark' ? 'de-DE' : 'en-GB';
        const open = () => product.open({ viewport, colorScheme, locale });
        const take = (page, state) =>
          page.screenshot({
            path: join(folder, `${screen}-${colorScheme}-${state}.png`),
            fullPage: state !== 'compare',
          });
        await takeMerge(open, take);
        await takeCompress(open, take);
        await product.close();
      }
} finally {
  await product.close();
  await product.stop();
}

async function takeMerge(open, take) {
  const { page } = await open();
  await take(page, 'empty');
  await choose(page, [
    await product.file('Contract.pdf', await pdfOf(300, 300, 300)),
    await product.file('Photo of the site.jpg', await jpeg(1600, 1000)),
    await product.file('Appendix.pdf', await pdfOf(400, 300)),
  ]);
  await page.locator('.file-row img').nth(2).waitFor();
  await take(page, 'files');
  await page.locator('.segment').nth(1).click();
  await page.locator('.page-button img').nth(5).waitFor();
  await take(page, 'pages');
}

async function takeCompress(open, take) {
  const { page } = await open();
  await page.getByRole('tab').nth(1).click();
  await choose(page, [
    await product.file('Report.pdf', await letter()),
    await product.file('Broken.pdf', Buffer.from('%PDF-1.7\nnothing')),
  ]);
  await page.locator('.submit button').click();
  const card = jobCard(page, /Report\.pdf/);
  await card.locator('.badge.good').waitFor();
  await jobCard(page, /Broken\.pdf/)
    .locator('.badge.bad')
    .waitFor();
  // The browser draws the first page while the server compresses.
  await page.locator('.file-row img').first().waitFor();
  await card.locator('.report > summary').click();
  await take(page, 'result');
  await openComparison(page, card);
  await take(page, 'compare');
}

async function openComparison(page, card) {
  await card
    .locator('.job-actions button')
    .filter({ has: page.locator('svg') })
    .first()
    .click();
  await page.getByRole('dialog').locator('.side canvas').nth(1).waitFor();
  // The images of the pages fade in.
  await page.waitForTimeout(1_000);
}

async function takeReadmeImage(path) {
  const { page } = await product.open({
    viewport: { width: 1200, height: 800 },
    colorScheme: 'light',
    deviceScaleFactor: 1.5,
  });
  await page.getByRole('tab').nth(1).click();
  await choose(page, [await product.file('Report.pdf', await letter())]);
  await page.locator('.submit button').click();
  const card = jobCard(page, /Report\.pdf/);
  await card.locator('.badge.good').waitFor();
  await openComparison(page, card);
  await sharp(await page.screenshot())
    .webp({ quality: 80 })
    .toFile(path);
}
