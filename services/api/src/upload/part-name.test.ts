import { describe, expect, it } from '@jest/globals';
import { decodePartName } from './part-name.js';

const asSent = (bytes: number[] | string): string => Buffer.from(bytes as string, 'utf8').toString('latin1');
const latin1 = (text: string): string => text;

describe('decodePartName', () => {
  it.each(['report.pdf', 'Prüfung.pdf', 'räksmörgås 😀.pdf', '表.pdf', 'Отчёт.pdf', 'a\\b.pdf'])(
    'reads UTF-8: %s',
    (name) => {
      expect(decodePartName(asSent(name))).toBe(name);
    },
  );

  it.each(['Prüfung.pdf', 'Hélène.pdf', 'Éléonore.pdf', 'Año élan é_1.pdf', 'Straße_ü2.pdf', 'naïve café.pdf'])(
    'reads Latin-1: %s',
    (name) => {
      expect(decodePartName(latin1(name))).toBe(name);
    },
  );

  it('reads the quotes and signs of Windows-1252', () => {
    expect(decodePartName('Facture d\x92avril \x80.pdf')).toBe('Facture d’avril €.pdf');
    expect(decodePartName('l\x92\xe9cole.pdf')).toBe('l’école.pdf');
  });

  it.each([
    ['テスト.pdf', '\x83e\x83X\x83g.pdf'],
    ['表.pdf', '\x95\x5c.pdf'],
    ['見積書2026.pdf', '\x8c\xa9\x90\xcf\x8f\x912026.pdf'],
    ['PDF資料.pdf', 'PDF\x8e\x91\x97\xbf.pdf'],
    ['ご請求書.pdf', '\x82\xb2\x90\xbf\x8b\x81\x8f\x91.pdf'],
  ])('reads Shift-JIS: %s', (name, sent) => {
    expect(decodePartName(sent)).toBe(name);
  });

  it('leaves a name alone that was decoded before', () => {
    expect(decodePartName('見積書.pdf')).toBe('見積書.pdf');
  });
});
