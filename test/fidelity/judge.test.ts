import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { everything } from '@pdf-tools/harness/documents/everything';
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFNumber, PDFRawStream, PDFString } from 'pdf-lib';
import type { PDFDocument } from 'pdf-lib';
import { damage, dictsOf, named, streamWith, titled } from './alter.js';
import type { Column } from './columns/columns.js';
import { know, missingIn } from './known.js';
import type { Missing } from './known.js';

/** One change of a document, and the columns that must report it. */
interface Damage {
  readonly does: string;
  readonly columns: readonly Column[];
  readonly damage: (document: PDFDocument) => void;
}

const DAMAGES: readonly Damage[] = [
  {
    does: 'an outline item leads to another page',
    columns: ['outlines'],
    damage: (document) => {
      titled(document, 'A two, first').set(PDFName.of('Dest'), document.context.obj([document.getPage(0).ref, 'Fit']));
    },
  },
  {
    does: 'an outline item is gone',
    columns: ['outlines'],
    damage: (document) => {
      titled(document, 'A one, first').delete(PDFName.of('Next'));
    },
  },
  {
    does: 'a field has another value',
    columns: ['form fields'],
    damage: (document) => {
      named(document, 'total').set(PDFName.of('V'), PDFString.of('another'));
    },
  },
  {
    does: 'a field is called otherwise',
    columns: ['form fields'],
    damage: (document) => {
      named(document, 'total-A').set(PDFName.of('T'), PDFString.of('total-A_2'));
    },
  },
  {
    does: 'the fonts of the form are gone',
    columns: ['form fields'],
    damage: ({ catalog }) => {
      catalog.lookup(PDFName.of('AcroForm'), PDFDict).delete(PDFName.of('DR'));
    },
  },
  {
    does: 'a named destination is gone, and its link dead',
    columns: ['named destinations'],
    damage: ({ catalog }) => {
      catalog.lookup(PDFName.of('Dests'), PDFDict).delete(PDFName.of('section'));
    },
  },
  {
    does: 'page labels are gone',
    columns: ['page labels'],
    damage: ({ catalog }) => {
      catalog.delete(PDFName.of('PageLabels'));
    },
  },
  {
    does: 'an attachment has other content',
    columns: ['attachments'],
    damage: (document) => {
      const [ref, stream] = streamWith(document, 'content of notes.txt');
      document.context.assign(ref, PDFRawStream.of(stream.dict, Buffer.from('A: content of another')));
    },
  },
  {
    does: 'the parent tree leads to another element',
    columns: ['tags'],
    damage: (document) => {
      const row = parentRow(document, 0);
      row.set(0, row.get(1));
    },
  },
  {
    does: 'the class of an element means something else',
    columns: ['tags'],
    damage: ({ catalog }) => {
      const classes = catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict).lookup(PDFName.of('ClassMap'), PDFDict);
      classes.lookup(PDFName.of('Spaced'), PDFDict).set(PDFName.of('LineHeight'), PDFNumber.of(99));
    },
  },
  {
    does: 'the header that a cell names is called otherwise',
    columns: ['tags'],
    damage: (document) => {
      const dicts = dictsOf(document).filter((dict) => dict.get(PDFName.of('S')) === PDFName.of('TH'));
      dicts[0]?.set(PDFName.of('ID'), PDFHexString.fromText('another'));
    },
  },
  {
    does: 'a hidden layer shows',
    columns: ['layers'],
    damage: ({ catalog, context }) => {
      const config = catalog.lookup(PDFName.of('OCProperties'), PDFDict).lookup(PDFName.of('D'), PDFDict);
      config.set(PDFName.of('OFF'), context.obj([]));
    },
  },
  {
    does: 'a ring of beads is broken',
    columns: ['the document'],
    damage: (document) => {
      dictsOf(document)
        .find((dict) => dict.get(PDFName.of('Type')) === PDFName.of('Bead'))
        ?.delete(PDFName.of('V'));
    },
  },
  {
    does: 'a page has lost what it inherited',
    columns: ['pages'],
    damage: (document) => {
      document.getPage(2).node.set(PDFName.of('Rotate'), PDFNumber.of(0));
    },
  },
  {
    does: 'content has changed',
    columns: ['pages', 'tags'],
    damage: (document) => {
      const [ref, stream] = streamWith(document, '(A page 2)');
      const text = Buffer.from(stream.getContents()).toString('latin1').replace('(A page 2)', '(A page two)');
      document.context.assign(ref, PDFRawStream.of(stream.dict, Buffer.from(text, 'latin1')));
    },
  },
];

let sound: Missing;
const found = new Map<string, Missing>();

jest.setTimeout(240_000);

beforeAll(async () => {
  const bytes = await everything({ label: 'A' });
  const damaged = [await damage(bytes, () => undefined)];
  for (const each of DAMAGES) damaged.push(await damage(bytes, each.damage));
  const [original, ...known] = await know([bytes, ...damaged]);
  if (!original) throw new Error('nobody read the document');
  const source = { ...original, kept: [0, 1, 2, 3], offset: 0, name: 'A.pdf' };
  const [first, ...others] = known.map((each) => missingIn([source], each));
  if (!first) throw new Error('nobody read the document again');
  sound = first;
  for (const [index, { does }] of DAMAGES.entries()) found.set(does, others[index] ?? sound);
});

function parentRow({ catalog }: PDFDocument, page: number): PDFArray {
  const tree = catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict).lookup(PDFName.of('ParentTree'), PDFDict);
  const leaf = tree.lookup(PDFName.of('Kids'), PDFArray).lookup(page, PDFDict);
  return leaf.lookup(PDFName.of('Nums'), PDFArray).lookup(1, PDFArray);
}

describe('the judge of fidelity', () => {
  it('finds no fault in an unchanged document except that its signatures still have values', () => {
    const faults = Object.entries(sound).filter(([, found]) => found.length > 0);
    expect(faults.map(([column]) => column)).toEqual(['form fields']);
    expect(faults[0]?.[1].every((fault) => fault.includes('signature'))).toBe(true);
  });

  it.each(DAMAGES)('detects that $does', ({ does, columns }) => {
    const changed = Object.entries(found.get(does) ?? {}).filter(
      ([column, faults]) => JSON.stringify(faults) !== JSON.stringify(sound[column as Column]),
    );
    expect(changed.map(([column]) => column).sort()).toEqual([...columns].sort());
  });
});
