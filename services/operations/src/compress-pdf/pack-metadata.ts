import { PdfDict, PdfStream, setFilters } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import { deflateBest } from './packing.js';

/** White space of an XMP packet that writers reserve for editing in place (ISO 16684-1, 7.3.2). */
const PADDING = /[\t\n\r ]+(?=<\?xpacket end=)/g;
/** A packet that declares its size in its header must keep it. */
const DECLARED_SIZE = /<\?xpacket begin=[^>]*\bbytes=/;

/**
 * Removes the padding of a metadata stream and deflates it. With `plain` it has no filter, as ISO 19005-1, 6.7.2
 * requires. Returns undefined if that is not smaller.
 */
export async function packMetadata(file: PdfFile, stream: PdfStream, plain: boolean): Promise<PdfStream | undefined> {
  const { bytes, left } = file.decoded(stream);
  if (left.some(({ name }) => name !== 'Crypt')) return undefined;
  const packet = withoutPadding(bytes);
  const deflated = plain ? packet : await deflateBest(packet);
  const isFiltered = deflated.length < packet.length;
  const data = isFiltered ? deflated : packet;
  if (data.length >= stream.data.length) return undefined;
  const dict = new PdfDict(stream.dict);
  setFilters(dict, isFiltered ? [{ name: 'FlateDecode', parms: undefined }] : []);
  return new PdfStream(dict, data);
}

/** Packets in UTF-16 or UTF-32 do not match and stay as they are. */
function withoutPadding(packet: Buffer): Buffer {
  const text = packet.toString('latin1');
  return DECLARED_SIZE.test(text) ? packet : Buffer.from(text.replace(PADDING, '\n'), 'latin1');
}
