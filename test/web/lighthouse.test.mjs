import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Product } from './product.mjs';

const CATEGORIES = ['accessibility', 'best-practices', 'seo'];

const run = promisify(execFile);
const PROGRAM = new URL('lighthouse.mjs', import.meta.url).pathname;

let product;
beforeAll(async () => {
  product = await Product.start({}, ['api']);
});
afterAll(async () => {
  await product.stop();
});

async function reportOn(path, settings) {
  const args = [PROGRAM, product.stack.url + path, JSON.stringify(settings)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

/** What a report finds wrong, by category. */
function findingsOf({ categories, audits }) {
  return CATEGORIES.flatMap((name) => {
    const failed = categories[name].auditRefs
      .map(({ id }) => audits[id])
      .filter(({ score }) => score !== null && score < 1);
    return failed.map(({ id, title }) => `${name}, ${id}: ${title}`);
  });
}

describe('Lighthouse', () => {
  it.each([
    ['/', 'mobile'],
    ['/', 'desktop'],
    ['/docs', 'mobile'],
    ['/docs', 'desktop'],
  ])('gives %s 100 for accessibility, best practices and SEO (%s)', async (path, formFactor) => {
    const screen = formFactor === 'mobile' ? {} : { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1 };
    const settings = { onlyCategories: CATEGORIES, formFactor, screenEmulation: screen };
    const report = await reportOn(path, settings);
    const scores = CATEGORIES.map((name) => [name, Math.round(100 * report.categories[name].score)]);
    console.log(`${path}, ${formFactor}: ${scores.map((score) => score.join(' ')).join(', ')}`);
    expect(findingsOf(report)).toEqual([]);
    expect(scores).toEqual(CATEGORIES.map((name) => [name, 100]));
  });
});
