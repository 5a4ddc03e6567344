import { describe, expect, it } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import {
  IMAGE_RESOURCES,
  drawingPdf,
  drawnSize,
  form,
  imageUsesOf,
  openText,
} from '@pdf-tools/harness/documents/drawing-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { readPageTree } from '../document/page-tree.js';
import { collectImageUses } from './image-uses.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** Forms from number 100 on. Each draws the next with all of these matrices, and the last draws the image. */
function chain(length: number, matrices: readonly string[]): Readonly<Record<number, string>> {
  const forms: Record<number, string> = {};
  for (let at = 0; at < length; at++) {
    const content = matrices.map((matrix) => `q ${matrix} 0 0 cm /Next Do Q`).join(' ');
    forms[100 + at] = form(content, `/Resources << /XObject << /Next ${101 + at} 0 R >> >>`);
  }
  forms[100 + length] = form('/Im Do', IMAGE_RESOURCES);
  return forms;
}

describe('collectImageUses() with hostile content', () => {
  it('follows 2^30 nested draws in time proportional to the file', async () => {
    const forms = chain(30, ['1 0 0 1', '0.5 0 0 0.5']);
    const uses = await imageUsesOf(drawingPdf('8 0 0 9 0 0 cm /Fm Do', forms, { xobjects: '/Fm 100 0 R' }));
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ widthPoints: 8, heightPoints: 9, uses: 1 });
    expect(uses.work.contents).toBe(32);
    expect(uses.work.draws).toBeLessThan(100);
  });

  it('gives an upper bound for more matrices than it can follow', async () => {
    const forms = chain(30, ['2 0 0 1', '1 0 0 2']);
    const uses = await imageUsesOf(drawingPdf('/Fm Do', forms, { xobjects: '/Fm 100 0 R' }));
    const { widthPoints = 0, heightPoints = 0 } = uses.images.get(sourceNumber(10)) ?? {};
    expect(widthPoints).toBeGreaterThanOrEqual(2 ** 30);
    expect(heightPoints).toBeGreaterThanOrEqual(2 ** 30);
    expect(uses.work.draws).toBeLessThan(30 * 2 * 40);
  });

  it('stops at a form that draws itself', async () => {
    const itself = (matrix: string): Readonly<Record<number, string>> => ({
      100: form(`/Im Do ${matrix} 0 0 cm /Fm Do`, '/Resources << /XObject << /Im 10 0 R /Fm 100 0 R >> >>'),
    });
    const options = { xobjects: '/Fm 100 0 R' };
    expect(await drawnSize(drawingPdf('/Fm Do', itself('0.5 0 0 0.5'), options))).toEqual([1, 1]);
    const growing = await imageUsesOf(drawingPdf('/Fm Do', itself('2 0 0 2'), options));
    expect(growing.images.get(sourceNumber(10))).toMatchObject({ widthPoints: Infinity });
    expect(growing.work.contents).toBe(2);
    expect(growing.work.draws).toBeLessThan(200);
  });

  it('stops at forms that draw each other', async () => {
    const forms = {
      100: form('/B Do', '/Resources << /XObject << /B 101 0 R >> >>'),
      101: form('/Im Do /A Do', '/Resources << /XObject << /A 100 0 R /Im 10 0 R >> >>'),
    };
    expect(await drawnSize(drawingPdf('/A Do', forms, { xobjects: '/A 100 0 R' }))).toEqual([1, 1]);
  });

  it('reads a form once if many pages draw it', async () => {
    const kids = Array.from({ length: 500 }, (_item, at) => 1000 + at);
    const pages = kids.map((num): [number, string] => [
      num,
      `<< /Type /Page /Contents 4 0 R /Resources << /XObject << /Fm 100 0 R >> >> >>`,
    ]);
    const uses = await imageUsesOf({
      ...drawingPdf('/Fm Do', { 100: form('/Im Do', IMAGE_RESOURCES) }),
      ...Object.fromEntries(pages),
      2: `<< /Type /Pages /Kids [${kids.map((num) => `${num} 0 R`).join(' ')}] >>`,
    });
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ page: 1, uses: 1 });
    expect(uses.work.contents).toBe(501);
  });

  it('stores a bounded number of matrices for an image with very many uses', async () => {
    const ways = Array.from(
      { length: 5000 },
      (_item, at) => `q ${1 + at / 5000} ${at / 7000} 0 ${2 - at / 5000} 0 0 cm /Im Do Q`,
    );
    const uses = await imageUsesOf(drawingPdf(`3 0 0 3 0 0 cm ${ways.join('\n')}`));
    expect(uses.images.get(sourceNumber(10))?.widthPoints).toBeCloseTo(3 * Math.hypot(2, 5 / 7), 2);
    expect(uses.images.get(sourceNumber(10))?.heightPoints).toBeCloseTo(6, 2);
    expect(uses.work.draws).toBeLessThan(50);
  });

  it('reports an unknown size if too many states are saved', async () => {
    const uses = await imageUsesOf(drawingPdf(`${'q 2 0 0 2 0 0 cm '.repeat(200_001)} Q /Im Do`));
    expect(uses).toMatchObject({ complete: false });
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ widthPoints: Infinity, heightPoints: Infinity });
  });

  it('reports an unknown size for all images that undecodable content may draw', async () => {
    const forms = { 100: form('/Im Do', `/Filter /DCTDecode ${IMAGE_RESOURCES}`) };
    const uses = await imageUsesOf(drawingPdf('/Fm Do 5 0 0 5 0 0 cm', forms, { xobjects: '/Fm 100 0 R' }));
    expect(uses).toMatchObject({ complete: false });
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ widthPoints: Infinity, heightPoints: Infinity });
  });

  it.each([
    ['unbalanced brackets', ']] >> ) [ (a) ] TJ'],
    ['an operator with too few operands', '1 2 cm Q Q'],
    ['operands of the wrong kind', '/a (b) << /c [ >> ] cm true Do'],
    ['unknown operators', '1 2 foo /Im bar'],
    ['very deep arrays', `${'['.repeat(3000)}${']'.repeat(3000)} cm`],
    ['operators without a space between them', 'qQqQ'],
    ['binary data', '\\x80\\xff\\x01\\x02'],
  ])('skips %s', async (_what, garbage) => {
    expect(await drawnSize(drawingPdf(`${garbage} 5 0 0 6 0 0 cm /Im Do`))).toEqual([5, 6]);
  });

  it('reads 70 MB of content with bounded memory', async () => {
    const line = '1 0 0 1 0 0 cm 0 0 m 10 10 l S\n';
    const content = deflateSync(`${line.repeat(70_000_000 / line.length)} 5 0 0 6 0 0 cm /Im Do`).toString('latin1');
    const objects = drawingPdf('', { 4: textStream(content, '/Filter /FlateDecode') });
    const before = process.memoryUsage().arrayBuffers;
    const uses = await imageUsesOf(objects);
    expect(uses).toMatchObject({ complete: true });
    expect(uses.images.get(sourceNumber(10))).toMatchObject({ widthPoints: 5, heightPoints: 6 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  it('stops when the signal is aborted', async () => {
    const file = openText(drawingPdf('0 0 m 10 10 l S\n'.repeat(100_000)));
    const abort = new AbortController();
    const uses = collectImageUses(file, readPageTree(file).pages, { signal: abort.signal });
    abort.abort(new Error('too late'));
    await expect(uses).rejects.toThrow('too late');
  });
});
