import { deflate } from '../filters/deflate.js';
import type { Encryptor } from '../encryption/create.js';
import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfName, PdfStream } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { NULL_TARGET } from '../syntax/object-numbers.js';
import type { SourceObjectNumber, TargetObjectNumber } from '../syntax/object-numbers.js';
import { TARGET_NUMBERS, serialize } from '../syntax/serializer.js';
import type { Renumbering } from '../syntax/serializer.js';
import type { ByteSink } from '../writing/byte-sink.js';
import type { Place } from '../writing/xref-stream.js';
import type { DocumentObjects } from './document-objects.js';
import type { Numbering } from './numbering.js';
import type { Partition } from './partition.js';

/** Streams are copied in parts of this size. */
const PART = 256 * 1024;

/** Where an object starts in the body, and how many bytes it has. */
interface Range {
  readonly offset: number;
  readonly length: number;
}

interface Source {
  readonly file: PdfFile;
  readonly objects: DocumentObjects;
  readonly packed: Partition['packed'];
  readonly numbering: Numbering;
  readonly encryption: Encryptor | undefined;
  /** Values of objects that the file does not have and that are never encrypted. */
  readonly plain: ReadonlyMap<SourceObjectNumber, PdfObject>;
}

/** Writes the objects of a linearized file one after another, and records where they are. */
export class BodyWriter {
  /** By target number. Objects in object streams have no range. */
  readonly ranges = new Map<TargetObjectNumber, Range>();
  /** The object stream and the index of each object in one. */
  readonly compressed = new Map<TargetObjectNumber, Place>();
  readonly #source: Source;
  readonly #sink: ByteSink;
  readonly #renumbering: Renumbering;

  constructor(sink: ByteSink, source: Source) {
    this.#sink = sink;
    this.#source = source;
    const { numbering, objects } = source;
    this.#renumbering = {
      object: (num) => numbering.of(objects.follow(num)) ?? NULL_TARGET,
      structParent: (key) => key,
    };
  }

  /** Serializes a value of the document without encryption. */
  serialize(value: PdfObject): string {
    return serialize(value, this.#renumbering);
  }

  /** Writes an object of the document. */
  write(source: SourceObjectNumber): void {
    const { numbering, packed, plain, objects, encryption } = this.#source;
    const num = numbering.of(source);
    if (num === undefined) return;
    const offset = this.#sink.position;
    const members = packed.get(source);
    const value = plain.get(source) ?? objects.load(source);
    if (members) this.#sink.bytes(this.#objectStream(num, members));
    else if (value instanceof PdfStream) this.#copyStream(num, value);
    else {
      const encryptString = plain.has(source) ? undefined : encryption?.string;
      this.#sink.text(`${num} 0 obj\n${serialize(value, this.#renumbering, encryptString)}\nendobj\n`);
    }
    this.ranges.set(num, { offset, length: this.#sink.position - offset });
  }

  #copyStream(num: TargetObjectNumber, stream: PdfStream): void {
    const { file, encryption } = this.#source;
    const { data } = stream;
    const dict = new PdfDict(stream.dict);
    const encrypted = encryption?.stream(file.encoded(stream));
    dict.set('Length', encrypted?.length ?? data.length);
    this.#sink.text(`${num} 0 obj\n${serialize(dict, this.#renumbering, encryption?.string)}\nstream\n`);
    if (encrypted) this.#sink.bytes(encrypted);
    else if (Buffer.isBuffer(data)) this.#sink.bytes(data);
    else
      for (let at = 0; at < data.length; at += PART)
        this.#sink.bytes(file.window(data.offset + at, Math.min(PART, data.length - at)));
    this.#sink.text('\nendstream\nendobj\n');
  }

  #objectStream(container: TargetObjectNumber, members: readonly SourceObjectNumber[]): Buffer {
    const { numbering, objects, encryption } = this.#source;
    const texts: string[] = [];
    let [header, offset] = ['', 0];
    for (const [index, source] of members.entries()) {
      const num = numbering.of(source) ?? NULL_TARGET;
      const text = this.serialize(objects.load(source));
      header += `${num} ${offset} `;
      offset += text.length + 1;
      texts.push(text);
      this.compressed.set(num, { container, index });
    }
    const dict = PdfDict.of({ Type: new PdfName('ObjStm'), N: members.length, First: header.length });
    return streamObject(container, dict, Buffer.from(header + texts.join('\n'), 'latin1'), encryption);
  }
}

/** Returns a stream object of new data, deflated and encrypted if necessary. */
export function streamObject(
  num: TargetObjectNumber,
  dict: PdfDict,
  data: Buffer,
  encryption: Encryptor | undefined,
): Buffer {
  const deflated = deflate(data);
  const bytes = encryption?.stream(deflated) ?? deflated;
  const entries = new PdfDict([...dict, ['Filter', new PdfName('FlateDecode')], ['Length', bytes.length]]);
  return rawStream(num, serialize(entries, TARGET_NUMBERS), bytes);
}

/** Returns a stream object with this dictionary and data. */
export function rawStream(num: TargetObjectNumber, dict: string, data: Buffer): Buffer {
  const before = Buffer.from(`${num} 0 obj\n${dict}\nstream\n`, 'latin1');
  return Buffer.concat([before, data, Buffer.from('\nendstream\nendobj\n', 'latin1')]);
}
