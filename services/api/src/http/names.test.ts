import { describe, expect, it } from '@jest/globals';
import { cleanName, cleanOutputName, contentDisposition } from './names.js';

describe('cleanName', () => {
  it.each([
    ['../../../../tmp/evil.pdf', 'evil.pdf'],
    ['..\\..\\evil.pdf', 'evil.pdf'],
    ['C:\\folder\\a.pdf', 'a.pdf'],
    ['a\u0000b\u001b[31m.pdf', 'ab[31m.pdf'],
    ['inv\u202efdp.exe', 'invfdp.exe'],
    ['zero\u200bwidth.pdf', 'zerowidth.pdf'],
    ['  räksmörgås 😀.pdf ', 'räksmörgås 😀.pdf'],
    ['__proto__', '__proto__'],
  ])('shows %j as %j', (given, shown) => {
    expect(cleanName(given, 0)).toBe(shown);
  });

  it.each(['', '.', '..', '/', '\u202e', '   '])('names %j by its position', (given) => {
    expect(cleanName(given, 2)).toBe('file 3');
  });

  it('keeps 120 code points and never half of one', () => {
    const name = cleanName('😀'.repeat(200), 0);
    expect(Array.from(name)).toHaveLength(120);
    expect(() => encodeURIComponent(name)).not.toThrow();
  });
});

describe('cleanOutputName', () => {
  it.each([
    ['report', 'report.pdf'],
    ['report.PDF', 'report.pdf'],
    ['../x/report.pdf', 'report.pdf'],
    ['', undefined],
    ['.pdf', undefined],
    ['..', undefined],
  ])('makes %j %j', (given, name) => {
    expect(cleanOutputName(given, 'pdf')).toBe(name);
  });

  it('ends in the extension of the result', () => {
    expect(cleanOutputName('pages.ZIP', 'zip')).toBe('pages.zip');
    expect(cleanOutputName('pages.pdf', 'zip')).toBe('pages.pdf.zip');
  });
});

describe('contentDisposition', () => {
  it('quotes a plain name', () => {
    expect(contentDisposition('merged.pdf')).toBe('attachment; filename="merged.pdf"');
  });

  it('adds the extended form for other names', () => {
    expect(contentDisposition('Prüfung (1).pdf')).toBe(
      `attachment; filename="Pr_fung (1).pdf"; filename*=UTF-8''Pr%C3%BCfung%20%281%29.pdf`,
    );
  });

  it('keeps a name that looks like the parameter inside its quotes', () => {
    expect(contentDisposition('a"; filename="b.html.pdf')).toMatch(
      /^attachment; filename="a_; filename=_b\.html\.pdf"; filename\*=UTF-8''[\w.%-]+$/,
    );
  });

  it('lets no quote, backslash or line break through', () => {
    expect(contentDisposition('a"\\\r\nSet-Cookie: x=1.pdf')).not.toMatch(/[\r\n\\]|"a"/);
  });
});
