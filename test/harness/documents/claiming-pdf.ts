import { textStream } from './text-pdf.js';
import { pagesPdf } from './pages-pdf.js';

interface ClaimOptions {
  readonly part?: number;
  readonly level?: string;
  /** The data of its output intent's profile. Undefined for none. */
  readonly profile?: string | undefined;
  /** The filter of the profile. */
  readonly filter?: string;
  /** More metadata properties and catalog entries. */
  readonly properties?: string;
  readonly catalog?: string;
}

/** A two-page document that claims PDF/A. For unit tests. */
export function claimingPdf({
  part = 2,
  level = 'B',
  profile,
  filter,
  properties = '',
  catalog = '',
}: ClaimOptions): Buffer {
  const claim = `<pdfaid:part>${part}</pdfaid:part><pdfaid:conformance>${level}</pdfaid:conformance>`;
  const packet = `<?xpacket begin=""?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">${claim}${properties}</rdf:Description></rdf:RDF><?xpacket end="w"?>`;
  const intents = profile === undefined ? '' : '/OutputIntents [72 0 R]';
  return pagesPdf('PDFA', 2, {
    catalog: `/Metadata 70 0 R ${intents} ${catalog}`,
    objects: {
      70: textStream(packet, '/Type /Metadata /Subtype /XML'),
      71: textStream(profile ?? '', filter === undefined ? '/N 3' : `/N 3 /Filter ${filter}`),
      72: '<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /DestOutputProfile 71 0 R >>',
    },
  });
}
