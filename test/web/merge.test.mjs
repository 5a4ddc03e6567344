import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { encrypt, jpeg, pagesOf, pdfOf } from './documents.mjs';
import { Product, choose, download, expectAccessible, jobCard, sentForm, tabTo } from './product.mjs';

let product;
let files;
beforeAll(async () => {
  product = await Product.start();
  files = {
    first: await product.file('first.pdf', await pdfOf(301, 302, 303)),
    second: await product.file('second.pdf', await pdfOf(401, 402)),
    locked: await product.file('locked.pdf', await encrypt(await pdfOf(501), 'right')),
    image: await product.file('image.jpg', await jpeg(600, 300)),
  };
});
afterAll(() => product.stop());
afterEach(() => product.close());

const rows = (page) => page.locator('.file-row .name').allTextContents();
const tiles = (page) => page.locator('.page-source').allTextContents();

describe('merging by mouse', () => {
  it('keeps the order that dragging made, uses a file twice and rotates it', async () => {
    const { page, errors } = await product.open();
    await choose(page, [files.first, files.second]);
    const handles = page.locator('.handle');
    const [from, to] = [await handles.nth(1).boundingBox(), await page.locator('.file-row').first().boundingBox()];
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 5, to.y + 4, { steps: 8 });
    await page.mouse.up();
    expect(await rows(page)).toEqual(['second.pdf', 'first.pdf']);
    await page.getByRole('button', { name: 'Use twice: second.pdf' }).click();
    await page.getByRole('button', { name: 'Rotate to the right: second.pdf' }).nth(1).click();
    await expectAccessible(page, 'files');
    await page.getByRole('button', { name: 'Merge 3 files' }).click();
    // A file that is used twice is sent once.
    expect((await sentForm(page)).filter(([name]) => name === 'files')).toHaveLength(2);
    const card = jobCard(page, /second\.pdf/);
    await card.getByText('Merged').waitFor();
    await card.getByText('What changed').click();
    await expectAccessible(page, 'merged');
    const { path } = await download(page, () => card.getByRole('link', { name: 'Download' }).click());
    const upright = [
      [401, 0],
      [402, 0],
    ];
    expect(await pagesOf(path)).toEqual([...upright, [401, 90], [402, 90], [301, 0], [302, 0], [303, 0]]);
    expect(errors).toEqual([]);
  });

  it('accepts files that are pasted or dropped, and says which it does not accept', async () => {
    const { page } = await product.open();
    const send = (type, name) =>
      page.evaluate(
        ([event, file]) => {
          const data = new DataTransfer();
          data.items.add(new File(['%PDF-1.7'], file, { type: '' }));
          const init = { bubbles: true, cancelable: true };
          dispatchEvent(
            event === 'paste'
              ? new ClipboardEvent('paste', { ...init, clipboardData: data })
              : new DragEvent(event, { ...init, dataTransfer: data }),
          );
        },
        [type, name],
      );
    await send('paste', 'pasted.pdf');
    await send('dragenter', 'x.pdf');
    await page.locator('.work.is-over').waitFor();
    await send('drop', 'dropped.pdf');
    expect(await rows(page)).toEqual(['pasted.pdf', 'dropped.pdf']);
    await send('drop', 'letter.docx');
    await page.getByRole('alert').filter({ hasText: 'letter.docx' }).waitFor();
    await expectAccessible(page, 'refused file');
  });
});

describe('merging by keyboard', () => {
  it('chooses, sorts, moves, merges and downloads', async () => {
    const { page } = await product.open();
    await choose(page, [files.second, files.first, files.image], { by: 'keyboard' });
    await tabTo(page, 'button', 'Sort by name');
    await page.keyboard.press('Enter');
    expect(await rows(page)).toEqual(['first.pdf', 'image.jpg', 'second.pdf']);
    await tabTo(page, 'button', /^Move image\.jpg/);
    await page.keyboard.press('ArrowDown');
    expect(await rows(page)).toEqual(['first.pdf', 'second.pdf', 'image.jpg']);
    await page.getByText('image.jpg is now number 3 of 3.').waitFor({ state: 'attached' });
    await tabTo(page, 'button', 'Merge 3 files');
    await page.keyboard.press('Enter');
    await jobCard(page, /first\.pdf/)
      .getByText('Merged')
      .waitFor();
    await tabTo(page, 'link', 'Download');
    const { path } = await download(page, () => page.keyboard.press('Enter'));
    expect((await pagesOf(path)).map(([width]) => width).slice(0, 5)).toEqual([301, 302, 303, 401, 402]);
  });
});

describe('merging pages', () => {
  const open = async () => {
    const { page } = await product.open();
    await choose(page, [files.first, files.second]);
    await page.getByText('Pages', { exact: true }).click();
    await page.locator('.page-button img').nth(4).waitFor();
    return page;
  };
  const merge = async (page) => {
    await page.getByRole('button', { name: /^Merge \d pages?$/ }).click();
    const card = jobCard(page, /\.pdf/);
    await card.getByText('Merged').waitFor();
    const { path } = await download(page, () => card.getByRole('link', { name: 'Download' }).click());
    const { items } = Object.fromEntries(await sentForm(page));
    return { items: JSON.parse(items), pages: await pagesOf(path) };
  };

  it('takes the pages that are picked, dragged and rotated by mouse', async () => {
    const page = await open();
    const buttons = page.locator('.page-button');
    await buttons.nth(1).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const [from, to] = [await buttons.nth(2).boundingBox(), await buttons.nth(0).boundingBox()];
    await page.mouse.move(from.x + 40, from.y + 40);
    await page.mouse.down();
    await page.mouse.move(to.x + 40, to.y + 40, { steps: 10 });
    await page.mouse.up();
    expect(await tiles(page)).toEqual(['second.pdf · 1', 'first.pdf · 1', 'first.pdf · 3', 'second.pdf · 2']);
    await buttons.nth(3).click();
    await page.getByRole('button', { name: 'Rotate right' }).click();
    await expectAccessible(page, 'pages');
    const { items, pages } = await merge(page);
    expect(items).toEqual([
      { file: 0, pages: '1' },
      { file: 1, pages: '1,3' },
      { file: 0, pages: '2', rotate: 90 },
    ]);
    expect(pages).toEqual([
      [401, 0],
      [301, 0],
      [303, 0],
      [402, 90],
    ]);
  });

  it('takes the pages that are moved, rotated and removed by keyboard', async () => {
    const page = await open();
    await tabTo(page, 'button', /^Page 1 of first\.pdf/);
    await page.keyboard.press('Delete');
    await page.keyboard.press('R');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    for (const key of ['Alt+ArrowLeft', 'Alt+ArrowLeft', 'Alt+ArrowLeft']) await page.keyboard.press(key);
    expect(await tiles(page)).toEqual(['second.pdf · 1', 'second.pdf · 2', 'first.pdf · 2', 'first.pdf · 3']);
    const { items, pages } = await merge(page);
    expect(items).toEqual([
      { file: 0, pages: '1-2' },
      { file: 1, pages: '2', rotate: 90 },
      { file: 1, pages: '3' },
    ]);
    expect(pages).toEqual([
      [401, 0],
      [402, 0],
      [302, 90],
      [303, 0],
    ]);
  });
});

describe('a file with a password', () => {
  it('asks for it at the file, says if it is wrong, and merges with the right one', async () => {
    const { page } = await product.open();
    await choose(page, [files.first, files.locked]);
    const row = page.locator('.file-row', { hasText: 'locked.pdf' });
    await row.getByLabel('Password of this file').fill('wrong');
    await page.getByRole('button', { name: 'Merge 2 files' }).click();
    await row.getByText('The password is wrong').waitFor();
    await expectAccessible(page, 'wrong password');
    expect(await row.getByLabel('Password of this file').getAttribute('aria-describedby')).toMatch(/problem/);
    await row.getByLabel('Password of this file').fill('right');
    await page.getByRole('button', { name: 'Merge 2 files' }).click();
    await jobCard(page, /first\.pdf/)
      .getByText('Merged')
      .waitFor();
    expect(await page.getByText('Failed').count()).toBe(0);
  });

  it('shows its pages once it has its password', async () => {
    const { page } = await product.open();
    const path = await product.file('locked pages.pdf', await encrypt(await pdfOf(501, 502), 'right'));
    await choose(page, [path]);
    await page.getByLabel('Password of this file').waitFor();
    await page.getByText('Pages', { exact: true }).click();
    await page.getByRole('button', { name: /^All of locked pages\.pdf/ }).waitFor();
    await page.getByText('Files', { exact: true }).click();
    await page.getByLabel('Password of this file').fill('right');
    await page.getByText('Pages', { exact: true }).click();
    await page.getByRole('button', { name: /^Page 2 of locked pages\.pdf/ }).waitFor();
    expect(await tiles(page)).toEqual(['locked pages.pdf · 1', 'locked pages.pdf · 2']);
  });
});
