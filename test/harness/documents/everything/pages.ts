import type { PDFRef } from 'pdf-lib';
import { register, registerStream } from './draft.js';
import type { Draft, DraftPage } from './draft.js';
import type { Layers } from './layers.js';

/**
 * The page tree of two branches: all inherit the media box, the first branch its resources, the second a rotation and a
 * crop box (ISO 32000-2, 7.7.3.4). Odd pages have a user unit, even ones a transition and two content streams. Returns
 * the form XObject of each page.
 */
export function addPages(draft: Draft, layers: Layers): readonly PDFRef[] {
  const { context, catalog, pages } = draft;
  const root = context.nextRef();
  const forms = pages.map((page) => addForm(draft, page, layers));
  const fonts = ['Helvetica', 'Times-Roman'].map((base) =>
    register(draft, { Type: 'Font', Subtype: 'Type1', BaseFont: base, Encoding: 'WinAnsiEncoding' }),
  );
  const resources = (font: PDFRef | undefined): Record<string, unknown> => ({
    Font: { F1: font },
    Properties: { Shown: layers.shown, Hidden: layers.hidden, English: layers.english },
    XObject: Object.fromEntries(forms.map((form, index) => [`Fm${index}`, form])),
  });
  const halves = [pages.slice(0, 2), pages.slice(2)];
  const branches = halves.map((half, number) =>
    register(draft, {
      Type: 'Pages',
      Parent: root,
      Count: half.length,
      Kids: half.map(({ ref }) => ref),
      ...(number === 0 ? { Resources: resources(fonts[0]) } : { Rotate: 90, CropBox: [10, 10, 585, 832] }),
    }),
  );
  context.assign(root, context.obj({ Type: 'Pages', Count: pages.length, Kids: branches, MediaBox: [0, 0, 595, 842] }));
  catalog.set('Pages', root);
  for (const page of pages) {
    const branch = page.index < 2 ? branches[0] : branches[1];
    if (branch) page.set('Parent', branch);
    if (page.index >= 2) page.set('Resources', context.obj(resources(fonts[1]) as Record<string, PDFRef>));
    fillPage(draft, page);
  }
  return forms;
}

function fillPage(draft: Draft, page: DraftPage): void {
  const { context } = draft;
  const even = page.index % 2 === 0;
  const contents = [registerStream(draft, contentOf(draft, page.index))];
  if (even) contents.push(registerStream(draft, tableOf(draft, page.index)));
  page.set('Contents', context.obj(contents));
  page.set('StructParents', context.obj(page.index));
  if (even) {
    page.set('Trans', context.obj({ Type: 'Trans', S: 'Wipe', D: page.index + 1, Di: 90 }));
    page.set('Dur', context.obj(page.index + 5));
  } else {
    page.set('UserUnit', context.obj(page.index === 1 ? 2 : 1.5));
  }
}

/** Heading and callout are tagged, two lines are on layers, and the form is below. */
function contentOf({ label }: Draft, index: number): string {
  const n = index + 1;
  return [
    `/H1 << /MCID 0 >> BDC ${line(`${label} page ${n}`, 18, 760)} EMC`,
    `/Callout << /MCID 1 >> BDC ${line(`${label} callout ${n}`, 12, 730)} EMC`,
    `/OC /Shown BDC ${line(`${label} shown ${n}`, 12, 700)} EMC`,
    `/OC /Hidden BDC ${line(`${label} hidden ${n}`, 12, 670)} EMC`,
    `/OC /English BDC ${line(`${label} english ${n}`, 12, 640)} EMC`,
    `q /Fm${index} Do Q`,
  ].join('\n');
}

/** A table of a header and a cell, tagged. */
function tableOf({ label }: Draft, index: number): string {
  return [
    `/TH << /MCID 2 >> BDC ${line(`${label} head ${index + 1}`, 12, 600)} EMC`,
    `/TD << /MCID 3 >> BDC ${line(`${label} cell ${index + 1}`, 12, 570)} EMC`,
  ].join('\n');
}

function line(words: string, size: number, y: number): string {
  return `BT /F1 ${size} Tf 50 ${y} Td (${words}) Tj ET`;
}

/** A form XObject with tagged content of its own, on a layer or a membership of layers. */
function addForm(draft: Draft, { index }: DraftPage, layers: Layers): PDFRef {
  const font = { Type: 'Font', Subtype: 'Type1', BaseFont: 'Courier' };
  const words = `${draft.label} form ${index + 1}`;
  return registerStream(draft, `/Figure << /MCID 0 >> BDC BT /F1 12 Tf 50 520 Td (${words}) Tj ET EMC`, {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, 595, 842],
    Resources: { Font: { F1: font } },
    OC: index % 2 === 0 ? layers.shown : layers.membership,
    StructParents: draft.pages.length + index,
  });
}
