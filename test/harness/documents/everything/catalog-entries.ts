import { pageAt, register, registerStream, text, tree, twoNames } from './draft.js';
import type { Draft } from './draft.js';

/** What the catalog and the trailer say of the whole document (ISO 32000-2, 7.7.2 and 14.3). */
export function addCatalogEntries(draft: Draft): void {
  const { context, catalog, names, label, otherMeanings } = draft;
  catalog.set('Lang', text(otherMeanings ? 'en-GB' : 'de-DE'));
  catalog.set('ViewerPreferences', context.obj({ DisplayDocTitle: true, Direction: 'L2R', NumCopies: 2 }));
  catalog.set('PageLayout', context.obj('TwoColumnRight'));
  catalog.set('OpenAction', context.obj({ S: 'GoTo', D: [pageAt(draft, 1).ref, 'FitH', 700] }));
  catalog.set('PageLabels', context.obj({ Nums: [0, { S: 'r', St: 3 }, 2, { S: 'D', P: text(`${label}-`) }] }));
  names.JavaScript = tree(
    draft,
    'Names',
    twoNames(draft, 'init').map((name) => [
      name,
      register(draft, { S: 'JavaScript', JS: text(`// ${label} ${name}`) }),
    ]),
  );
  catalog.set('OutputIntents', context.obj([addIntent(draft, 'Common', 'sRGB '), addIntent(draft, label, label)]));
  catalog.set('Metadata', registerStream(draft, xmp(label), { Type: 'Metadata', Subtype: 'XML' }));
  context.trailerInfo.Info = register(draft, {
    Title: text(`${label} title`),
    Author: text(`${label} author`),
    CreationDate: text('D:20240102030405Z'),
  });
}

function addIntent(draft: Draft, condition: string, manufacturer: string): ReturnType<typeof register> {
  return register(draft, {
    Type: 'OutputIntent',
    S: 'GTS_PDFX',
    OutputConditionIdentifier: text(condition),
    DestOutputProfile: registerStream(draft, profile(manufacturer), { N: 3 }),
  });
}

/** The header of an RGB profile and an empty tag table (ICC.1:2022, 7.2), with its maker's four letters. */
function profile(manufacturer: string): Uint8Array {
  const bytes = Buffer.alloc(132);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(0x04400000, 8);
  bytes.write('prtrRGB XYZ ', 12, 'latin1');
  bytes.write('acsp', 36, 'latin1');
  bytes.write(manufacturer.padEnd(4).slice(0, 4), 48, 'latin1');
  return bytes;
}

function xmp(label: string): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">${label} title</rdf:li>\
</rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}
