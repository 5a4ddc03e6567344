import { describe, expect, it } from '@jest/globals';
import { EntryNames } from './entry-names.js';

function namesOf(...names: readonly string[]): string[] {
  const entries = new EntryNames();
  return names.map((name) => entries.next(name, 'pdf'));
}

describe('EntryNames', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Übersicht – 東京.PDF', 'Übersicht – 東京.pdf'],
    ['scan', 'scan.pdf'],
    ['photo.jpg', 'photo.jpg.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\temp\\a.pdf', 'a.pdf'],
    ['a\u202efdp.exe\u0000.pdf', 'a_fdp.exe_.pdf'],
    ['..', 'file.pdf'],
    ['.pdf', 'file.pdf'],
    ['con.pdf', '_con.pdf'],
    [' a? . .pdf', 'a_.pdf'],
  ])('turns %j into %j', (name, entry) => {
    expect(namesOf(name)).toEqual([entry]);
  });

  it('numbers names that differ only in case or normalization', () => {
    expect(namesOf('a.pdf', 'A.pdf', 'a (2).pdf', 'a.pdf', '\u00e9.pdf', 'e\u0301.pdf')).toEqual([
      ...['a.pdf', 'A (2).pdf', 'a (2) (2).pdf', 'a (3).pdf'],
      ...['\u00e9.pdf', '\u00e9 (2).pdf'],
    ]);
  });

  it('cuts long names between characters', () => {
    const [name = ''] = namesOf(`${'😀'.repeat(100)}.pdf`);
    expect(name).toBe(`${'😀'.repeat(50)}.pdf`);
  });
});
