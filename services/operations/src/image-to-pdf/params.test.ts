import { describe, expect, it } from '@jest/globals';
import { issueMessage, parameterErrors } from '../params.js';
import { readLayout } from './page-layout.js';
import { imageToPdfParams } from './params.js';

const layout = (given: Readonly<Record<string, unknown>>) => readLayout(imageToPdfParams.parse(given));

const errors = (given: Readonly<Record<string, unknown>>) =>
  parameterErrors(imageToPdfParams.safeParse(given, { error: issueMessage }).error);

describe('the parameters of image-to-pdf', () => {
  it.each([
    ['A3', 841.89, 1190.551],
    ['a4', 595.276, 841.89],
    ['A5', 419.528, 595.276],
    ['Letter', 612, 792],
    ['legal', 612, 1008],
    ['100x150mm', 283.465, 425.197],
    ['10 cm x 15 cm', 283.465, 425.197],
    ['8.5in×11in', 612, 792],
    ['1in x 96px', 72, 72],
    ['612X792PT', 612, 792],
  ])('read the page size %s', (page_size, width, height) => {
    expect(layout({ page_size }).page).toMatchObject({ width, height });
  });

  it.each([
    [{ page_size: 'A4' }, { width: 595.276, height: 841.89, turns: true }],
    [
      { page_size: 'A4', orientation: 'portrait' },
      { width: 595.276, height: 841.89, turns: false },
    ],
    [
      { page_size: 'A4', orientation: 'landscape' },
      { width: 841.89, height: 595.276, turns: false },
    ],
    [{ page_size: '200x100pt' }, { width: 200, height: 100, turns: false }],
    [
      { page_size: '200x100pt', orientation: 'portrait' },
      { width: 100, height: 200, turns: false },
    ],
    [{ orientation: 'portrait' }, 'auto'],
  ])('read the page of %j', (given, page) => {
    expect(layout(given).page).toEqual(page);
  });

  it.each([
    ['0', [0, 0, 0, 0]],
    ['1in', [72, 72, 72, 72]],
    ['1 in 2in', [72, 144, 72, 144]],
    ['1pt, 2pt, 3pt', [1, 2, 3, 2]],
    ['1pt 0 3 pt 4pt', [1, 0, 3, 4]],
  ])('read the margins %j', (margin, [top, right, bottom, left]) => {
    expect(layout({ margin }).margins).toEqual({ top, right, bottom, left });
  });

  it('keep their meaning when a child process parses them again', () => {
    const given = {
      page_size: 'Letter',
      margin: '1 in,2cm',
      dpi: ' 300 ',
      rotate: '90, -90',
      background: 'F80',
    };
    const once = imageToPdfParams.parse(given);
    expect(once).toMatchObject({
      page_size: 'letter',
      margin: '1in 2cm',
      dpi: '300',
      rotate: '90,270',
      background: '#ff8800',
    });
    expect(imageToPdfParams.parse(once)).toEqual(once);
  });

  it.each([
    ['page_size', ['A9', '', '100x150', '100mm', '1x1pt', '100x0mm', '1000001x10pt', '1e3x5mm', '-10x10mm']],
    ['margin', ['10', '-1mm', '1mm 1mm 1mm 1mm 1mm', '', '1mm,,x', '15000pt', '10em']],
    ['dpi', ['9', '4801', 'high', '-72', '', '1e3']],
    ['rotate', ['45', '', '90;180', '0,,45', 'left']],
    ['background', ['#12', '#12345g', 'transparent', 'rgb(1,2,3)', 'constructor']],
    ['orientation', ['sideways']],
    ['fit', ['stretch']],
    ['order', ['date']],
    ['frames', ['2']],
    ['metadata', ['title', '[]']],
  ])('refuse a %s of %j and name the valid values', (param, values) => {
    for (const value of values)
      expect(errors({ [param]: value })).toMatchObject([{ param, message: expect.stringMatching(/^must be /) }]);
  });

  it.each([
    [{ title: 'a\nb' }, 'metadata.title', 'must be a single line without control characters'],
    [{ author: 'a\uFFFE' }, 'metadata.author', 'must be a single line without control characters'],
    [{ title: '\uD800' }, 'metadata.title', 'must be a single line without control characters'],
    [{ title: 'a'.repeat(1_001) }, 'metadata.title', 'must have at most 1000 characters'],
    [{ titel: 'a' }, 'metadata', 'must not have "titel"'],
  ])('refuse the metadata %j', (metadata, param, message) => {
    expect(errors({ metadata: JSON.stringify(metadata) })).toMatchObject([{ param, message }]);
  });

  it.each([
    [{ page_size: 'A5', margin: '8cm' }, false],
    // The area is large enough in portrait only, and the page may turn.
    [{ page_size: 'A5', margin: '8cm 0' }, false],
    [{ page_size: 'A5', margin: '8cm 0', orientation: 'portrait' }, true],
    [{ page_size: '100x200pt', margin: '0 49.5pt' }, true],
    [{ page_size: '100x200pt', margin: '0 50pt' }, false],
    [{ margin: '100cm' }, true],
  ])('refuse margins that leave no space: %j', (given, ok) => {
    const expected = { param: 'margin', message: expect.stringContaining('Reduce it, or choose a larger page_size') };
    expect(errors(given)).toEqual(ok ? [] : [expected]);
  });
});
