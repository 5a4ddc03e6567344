import { describe, expect, it } from '@jest/globals';
import { minimizeContent } from './minimize-content.js';
import type { Placement } from './state-stack.js';
import { UsedNames } from './used-names.js';

const PAGE: Placement = { points: 1, reach: 1000, isPage: true };
const FORM: Placement = { points: 1, reach: 1000, isPage: false };

/** The minimal content with spaces instead of line ends. Undefined if it is not understood. */
function minimal(content: string, placement = PAGE): string | undefined {
  const bytes = minimizeContent([Buffer.from(content, 'latin1')], placement, new UsedNames());
  return bytes?.toString('latin1').replaceAll('\n', ' ');
}

describe('minimizeContent writes numbers', () => {
  it.each([
    ['without zeros that mean nothing', '010.500 -0.50 m +3. -0 l S', '10.5 -.5 m 3 0 l S'],
    ['with the precision of a thousandth of a point', '1.23456 7.00049 m 9 9 l S', '1.235 7 m 9 9 l S'],
    [
      'of adjacent rectangles with common edges',
      '0 0 1.00049 5 re f 1.00049 0 1.00049 5 re f',
      '0 0 1 5 re f 1 0 1.001 5 re f',
    ],
    [
      'that would become zero exactly',
      '0.0001 w 0 0 m 9 9 l S 1 1 0.0002 9 re f',
      '.0001 w 0 0 m 9 9 l S 1 1 .0002 9 re f',
    ],
    ['of a short line exactly', '1 1 m 1.0001 1 l S', '1 1 m 1.0001 1 l S'],
    ['of colours with four decimal places', '0.996078431 0.5 0 rg 0 0 9 9 re f', '.9961 .5 0 rg 0 0 9 9 re f'],
    ['of dashes exactly', '[ 1.234567 2 ] 0 d 0 0 m 9 9 l S', '[1.234567 2]0 d 0 0 m 9 9 l S'],
  ])('%s', (_what, content, expected) => {
    expect(minimal(content)).toBe(expected);
  });

  it('with more digits in a space that is enlarged', () => {
    expect(minimal('100 0 0 100 0 0 cm 1.2345678 0 m 9 9 l S')).toBe('100 0 0 100 0 0 cm 1.23457 0 m 9 9 l S');
  });

  it('with fewer digits in a space that is reduced', () => {
    expect(minimal('123.456 0 m 9 9 l S', { ...PAGE, points: 0.01 })).toBe('123.5 0 m 9 9 l S');
  });

  it('of a matrix next to a plain number exactly, because images are aligned to pixels', () => {
    const content = '595.1999969 0 0 841.4400024 0 0 cm/I Do';
    expect(minimal(content)).toBe(content);
  });

  it('of at most eight matrices in a chain with rounding', () => {
    const matrix = '1 0 0 1 1.123456789 0 cm';
    const written = minimal(`${`${matrix} `.repeat(10)}0 0 m 9 9 l S`);
    expect(written?.match(/1 0 0 1 1\.1235 0 cm/g)).toHaveLength(8);
    expect(written?.match(/1 0 0 1 1\.123456789 0 cm/g)).toHaveLength(2);
  });
});

describe('minimizeContent drops', () => {
  it.each([
    ['pairs that draw nothing', 'q 1 0 0 RG 0 0 9 9 re W n Q 0 0 9 9 re f', '0 0 9 9 re f'],
    ['nested pairs', 'q q q 0 0 9 9 re f Q Q Q 0 0 m 9 9 l S', 'q 0 0 9 9 re f Q 0 0 m 9 9 l S'],
    ['an identity matrix', '1 0 0 1 0 0 cm 0 0 9 9 re f', '0 0 9 9 re f'],
    ['parameters that are set already', '1 w 2 J 2 J 0 0 m 9 9 l S', '2 J 0 0 m 9 9 l S'],
    ['repeated colours', '1 0 0 rg 0 0 9 9 re f 1 0 0 rg 0 0 8 8 re f', '1 0 0 rg 0 0 9 9 re f 0 0 8 8 re f'],
    [
      'repeated colour spaces',
      '/C cs 1 scn 0 0 9 9 re f /C cs 1 scn 0 0 8 8 re f',
      '/C cs 1 scn 0 0 9 9 re f 0 0 8 8 re f',
    ],
    ['an end of no path', 'n 0 0 9 9 re f n', '0 0 9 9 re f'],
    ['state at the end', '0 0 9 9 re f 1 0 0 rg 5 w', '0 0 9 9 re f'],
    ['comments', '% comment\n0 0 9 9 re f', '0 0 9 9 re f'],
    ['text objects without text', 'BT 1 0 0 rg 9 9 Td ET 0 0 9 9 re f', '1 0 0 rg 0 0 9 9 re f'],
  ])('%s', (_what, content, expected) => {
    expect(minimal(content)).toBe(expected);
  });

  it('no parameter of a form that its caller may have changed', () => {
    expect(minimal('1 w 0 0 m 9 9 l S', FORM)).toBe('1 w 0 0 m 9 9 l S');
  });

  it('no parameter that a graphics state dictionary may have changed', () => {
    const content = '5 w/G gs 5 w 0 0 m 9 9 l S';
    expect(minimal(content)).toBe(content);
  });

  it('no parameter that a restored state has lost', () => {
    const content = 'q 5 w 0 0 m 9 9 l S Q 5 w 0 0 m 9 9 l S';
    expect(minimal(content)).toBe(content);
  });

  it('no soft mask that is set again with another matrix', () => {
    const content = '/M gs 0 0 9 9 re f 2 0 0 2 0 0 cm/M gs 0 0 9 9 re f';
    expect(minimal(content)).toBe(content);
  });
});

describe('minimizeContent writes text', () => {
  it.each([
    [
      'of adjacent objects in one',
      'BT 1 0 0 1 9 50 Tm (a) Tj ET BT 1 0 0 1 20 50 Tm (b) Tj ET',
      'BT 9 50 Td(a)Tj 11 0 Td(b)Tj ET',
    ],
    ['of adjacent operations in one', 'BT (a) Tj (b) Tj [(c) -5 0 -5 (d)] TJ ET', 'BT[(abc)-10(d)]TJ ET'],
    ['without empty strings', 'BT [() 0 (a)] TJ () Tj ET', 'BT(a)Tj ET'],
    ['in hexadecimal as a literal', 'BT <414228> Tj ET', String.raw`BT(AB\()Tj ET`],
    ['on the next line with T*', 'BT 14 TL 9 9 Td (a) Tj T* (b) Tj ET', 'BT 9 9 Td(a)Tj 14 TL T*(b)Tj ET'],
    ["with ' as separate operations", "BT 14 TL (a) Tj (b) ' ET", 'BT(a)Tj 14 TL T*(b)Tj ET'],
    ['with " as separate operations', 'BT 14 TL (a) Tj 1 2 (b) " ET', 'BT(a)Tj 1 Tw 2 Tc 14 TL T*(b)Tj ET'],
    ['after TD, which sets the leading', 'BT 0 -9 TD (a) Tj T* (b) Tj ET', 'BT 0 -9 Td(a)Tj 9 TL T*(b)Tj ET'],
    ['over other text if it was moved by nothing', 'BT (a) Tj 0 0 Td (b) Tj ET', 'BT(a)Tj 0 0 Td(b)Tj ET'],
    ['that a marked section in it encloses', 'BT /P <</MCID 0>> BDC (a) Tj EMC ET', 'BT/P <</MCID 0>> BDC(a)Tj EMC ET'],
    ['that a marked section around it encloses', '/P BMC BT (a) Tj ET EMC', '/P BMC BT(a)Tj ET EMC'],
    ['that clips in its own objects', 'BT 7 Tr (a) Tj ET BT (b) Tj ET', 'BT 7 Tr(a)Tj ET BT(b)Tj ET'],
  ])('%s', (_what, content, expected) => {
    expect(minimal(content)).toBe(expected.replace('BT 7 Tr', '7 Tr BT'));
  });

  it.each([
    ['a rounded position', '1 0 0 1 49.9997 350 Tm'],
    ['the sum of movements', '1 0 0 1 9 410 Tm (a) Tj 0 -14.4 Td (b) Tj 0 -14.4 Td (c) Tj 1 0 0 1 9 405 Tm'],
  ])('without crossing a quarter of a pixel by %s', (_what, moves) => {
    const position = /1 0 0 1 [\d.]+ [\d.]+ Tm$/.exec(moves)?.[0] ?? '';
    expect(minimal(`BT ${moves} (d) Tj ET`)).toContain(`${position}(d)Tj`);
  });

  it('so that rounding errors do not add up', () => {
    const lines = Array.from({ length: 100 }, () => '0 -1.00049 Td (a) Tj').join(' ');
    let [height, relative] = [0, 0];
    for (const [, up, operator] of minimal(`BT ${lines} ET`)?.matchAll(/(-[\d.]+) (Td|Tm)/g) ?? []) {
      height = Number(up) + (operator === 'Td' ? height : 0);
      relative += operator === 'Td' ? 1 : 0;
    }
    expect(height).toBeCloseTo(-100.049, 3);
    expect(relative).toBeGreaterThan(80);
  });

  it('so that rounded adjustments do not add up', () => {
    const items = Array.from({ length: 100 }, () => '(a) -10.04').join(' ');
    const written = minimal(`BT /F 10 Tf [${items} (b)] TJ ET`)?.match(/-[\d.]+/g) ?? [];
    expect(written.every((adjustment) => /^-\d+(\.\d)?$/.test(adjustment))).toBe(true);
    expect(written.reduce((sum, adjustment) => sum + Number(adjustment), 0)).toBeCloseTo(-1004, 0);
  });

  it('on the next line of a form with the leading of its caller', () => {
    expect(minimal('BT 9 9 Td T* (a) Tj ET', FORM)).toBe('BT 9 9 Td T*(a)Tj ET');
  });
});

describe('minimizeContent keeps', () => {
  it.each([
    ['an unknown operator', '0 0 9 9 re f 1 foo'],
    ['a missing operand', '0 9 9 re f'],
    ['a malformed number', '0 0 9 9-9 re f'],
    ['a state that was not saved', '0 0 9 9 re f Q'],
    ['operands at the end', '0 0 9 9 re f 1 2'],
    ['a stray bracket', '0 0 9 9 re f ]'],
    ['text outside of a text object', '(a) Tj'],
    ['a text object without an end', 'BT (a) Tj'],
    ['state in a text object', 'BT q (a) Tj Q ET'],
    ['an inline image without an end', 'BI /W 9 /H 9 ID abc'],
  ])('content with %s', (_what, content) => {
    expect(minimal(content)).toBeUndefined();
  });

  it('an inline image byte for byte', () => {
    const image = 'BI /W 4 /H 1 /BPC 8 /CS /G ID \x00\xff\n\x80 EI';
    expect(minimizeContent([Buffer.from(`q  ${image} Q`, 'latin1')], PAGE, new UsedNames())).toEqual(
      Buffer.from(`q\n${image}\nQ`, 'latin1'),
    );
  });

  it('content whose size on the page is unknown', () => {
    expect(minimal('0 0 9 9 re f', { ...PAGE, points: Infinity })).toBeUndefined();
  });
});

it('minimizeContent reports the names of resources', () => {
  const names = new UsedNames();
  const content = '/G gs/P0 cs/P#31 scn/F 9 Tf/S sh/X Do/OC /L BDC EMC BI /W 1/H 1/CS /C/BPC 8 ID a EI';
  expect(minimizeContent([Buffer.from(content)], PAGE, names)).toBeDefined();
  const used = [
    ['ExtGState', 'G'],
    ['ColorSpace', 'P0'],
    ['Pattern', 'P1'],
    ['Font', 'F'],
    ['Shading', 'S'],
    ['XObject', 'X'],
    ['Properties', 'L'],
    ['ColorSpace', 'C'],
  ] as const;
  for (const [category, name] of used) expect(names.has(category, name)).toBe(true);
  expect(names.has('Font', 'G')).toBe(false);
});

it('minimizeContent joins the parts of a page', () => {
  const parts = ['q 1 0 0 rg', '0 0 9 9 re', 'f Q'].map((part) => Buffer.from(part));
  expect(minimizeContent(parts, PAGE, new UsedNames())?.toString()).toBe('q\n1 0 0 rg\n0 0 9 9 re\nf\nQ');
});
