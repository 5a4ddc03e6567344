import type { PdfaPart } from '../document/conformance.js';
import type { Encryptor } from '../encryption/create.js';
import { openSource } from '../file/byte-source.js';
import { PdfFile } from '../file/pdf-file.js';
import { FILE_ENTRIES } from '../copying/reachable.js';
import { PdfDict, PdfRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { FileSink } from '../writing/byte-sink.js';
import type { ByteSink } from '../writing/byte-sink.js';
import { fileHeader } from '../writing/pdf-writer.js';
import { BodyWriter } from './body-writer.js';
import { DocumentObjects } from './document-objects.js';
import { buildEnds } from './file-ends.js';
import { LinearizationLimit } from './linearization-limit.js';
import { Numbering } from './numbering.js';
import { ObjectGraph } from './object-graph.js';
import { ObjectUsers } from './object-users.js';
import { partition } from './partition.js';
import type { Partition } from './partition.js';

const PART = 256 * 1024;
/** Hint tables have 32 bits for an offset. */
const MAX_BYTES = 2 ** 32 - 2 ** 24;

interface Options {
  /** Path for the objects before they are copied into the result. The caller removes the file. */
  readonly bodyPath: string;
  /** Encrypts the result. The document is not encrypted then. */
  readonly encryption?: Encryptor | undefined;
  readonly pdfaPart?: Exclude<PdfaPart, 1> | undefined;
}

/**
 * Writes a document that `PdfWriter` wrote without encryption as a linearized file (ISO 32000-2, annex F). Returns the
 * reason if a limit prevents it, and leaves no file at `path` then. Throws the file system's errors.
 */
export function linearize(from: string, path: string, options: Options): string | undefined {
  const source = openSource(from);
  try {
    if (source.length > MAX_BYTES) throw new LinearizationLimit('It has more than 4 GB.');
    writeLinearized(new PdfFile(source), path, options);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof LinearizationLimit) return thrown.message;
    throw thrown;
  } finally {
    source.close();
  }
}

function writeLinearized(file: PdfFile, path: string, { bodyPath, encryption, pdfaPart }: Options): void {
  const objects = new DocumentObjects(file);
  const parts = partitionOf(file, objects);
  const plain = new Map<SourceObjectNumber, PdfObject>();
  const trailer = new PdfDict([...file.trailer].filter(([key]) => key === 'ID' || !FILE_ENTRIES.has(key)));
  trailer.set('Root', new PdfRef(objects.root, 0));
  if (encryption) {
    const num = objects.allocate();
    plain.set(num, encryption.dict);
    trailer.set('Encrypt', new PdfRef(num, 0));
  }
  const open = [...parts.open, ...plain.keys()];
  const division: Partition = { ...parts, open };
  const numbering = new Numbering(division);
  const sink = new FileSink(bodyPath);
  const body = new BodyWriter(sink, { file, objects, packed: parts.packed, numbering, encryption, plain });
  const openBytes = completing(sink, () => {
    for (const num of open) body.write(num);
    const { position } = sink;
    for (const num of [...parts.firstPage, ...parts.otherPages.flat(), ...parts.shared, ...parts.other])
      body.write(num);
    return position;
  });
  const { front, hints, back } = buildEnds({
    ...{ header: fileHeader(pdfaPart), partition: division, numbering, body },
    ...{ openBytes, bodyBytes: sink.position, trailer, encryption },
  });
  const target = new FileSink(path);
  completing(target, () => {
    target.bytes(front);
    copyRange(bodyPath, target, 0, openBytes);
    target.bytes(hints);
    copyRange(bodyPath, target, openBytes, sink.position);
    target.bytes(back);
  });
}

function partitionOf(file: PdfFile, objects: DocumentObjects): Partition {
  const graph = new ObjectGraph(objects);
  return partition(objects, graph, new ObjectUsers(objects, graph, file.trailer));
}

/** Completes the sink after `write`, or discards it if that fails. */
function completing<Result>(sink: ByteSink, write: () => Result): Result {
  try {
    const result = write();
    sink.end();
    return result;
  } catch (thrown) {
    sink.discard();
    throw thrown;
  }
}

function copyRange(from: string, sink: ByteSink, start: number, end: number): void {
  const source = openSource(from);
  try {
    for (let at = start; at < end; at += PART) {
      const size = Math.min(PART, end - at);
      sink.bytes(source.window(at, size).subarray(0, size));
    }
  } finally {
    source.close();
  }
}
