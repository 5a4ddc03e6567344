import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Product, expectAccessible } from './product.mjs';

let product;
beforeAll(async () => {
  product = await Product.start({}, ['api']);
});
afterAll(() => product.stop());
afterEach(() => product.close());

describe('the documentation', () => {
  it.each([
    ['light', 390],
    ['dark', 390],
    ['light', 1280],
  ])('is accessible and does not scroll sideways (%s, %i px)', async (colorScheme, width) => {
    const address = `${product.stack.url}/docs`;
    const { page, errors } = await product.open({ address, colorScheme, viewport: { width, height: 800 } });
    await page.getByRole('heading', { name: 'PDF Tools API' }).waitFor();
    await expectAccessible(page, `docs, ${colorScheme}, ${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.getByRole('link', { name: 'Webhooks' }).first().click();
    await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
    expect(errors).toEqual([]);
  });
});
