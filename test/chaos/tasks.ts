import { jpeg, pdf, scan } from '@pdf-tools/harness/samples';
import { SeededRandom } from './random.js';

/** A request and its expected outcome. */
export interface Task {
  /** Also the Idempotency-Key and the beginning of the request ids. */
  readonly name: string;
  readonly path: string;
  readonly field: string;
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly wait: boolean;
  /** Pages of the result, or the error code for an invalid input. */
  readonly expected: { readonly pages: number } | { readonly code: string };
}

type Kind = Pick<Task, 'path' | 'field' | 'files' | 'expected'>;

/** A stream of tasks. Equal seeds give equal streams. */
export class Tasks {
  readonly #random: SeededRandom;
  #count = 0;

  private constructor(
    seed: number,
    private readonly kinds: readonly (readonly [number, Kind])[],
    private readonly long: Kind,
  ) {
    this.#random = new SeededRandom(seed ^ 0x5eed);
  }

  static async prepare(seed: number): Promise<Tasks> {
    const [small, other, pages] = [await jpeg(400, 300), await jpeg(640, 480), await scan(2)];
    const [one, two, broken] = [await pdf(['a', 'b']), await pdf(['c', 'd', 'e']), Buffer.from('%PDF-1.7\nno objects')];
    const image = (bytes: Buffer) => ({ name: 'photo.jpg', bytes });
    const document = (bytes: Buffer) => ({ name: 'document.pdf', bytes });
    const long: Kind = { ...COMPRESS, files: [document(await scan(12))], expected: { pages: 12 } };
    const kinds: [number, Kind][] = [
      [30, { ...IMAGES, files: [image(small)], expected: { pages: 1 } }],
      [10, { ...IMAGES, files: [image(small), image(other), image(small)], expected: { pages: 3 } }],
      [20, { ...MERGE, files: [document(one), document(two)], expected: { pages: 5 } }],
      [25, { ...COMPRESS, files: [document(pages)], expected: { pages: 2 } }],
      [5, { ...IMAGES, files: [image(small.subarray(0, small.length / 2))], expected: { code: 'corrupt_image' } }],
      [5, { ...MERGE, files: [document(one), document(broken)], expected: { code: 'corrupt_pdf' } }],
      [5, { ...COMPRESS, files: [document(broken)], expected: { code: 'corrupt_pdf' } }],
    ];
    return new Tasks(seed, kinds, long);
  }

  /** Returns a small task outside the stream. */
  canary(number: number): Task {
    const [, kind] = this.kinds[0] ?? [];
    if (!kind) throw new Error('no kinds of tasks');
    return { ...kind, name: `canary-${process.pid}-${number}`, wait: false };
  }

  /** Returns a task that keeps a child process busy for a while, so that a fault hits a running job. */
  heavy(number: number): Task {
    return { ...this.long, name: `heavy-${process.pid}-${number}`, wait: false };
  }

  next(): Task {
    const kind = this.#random.weighted(this.kinds);
    return { ...kind, name: `chaos-${process.pid}-${this.#count++}`, wait: this.#random.next() < 0.4 };
  }
}

const IMAGES = { path: '/api/image-to-pdf', field: 'files' };
const MERGE = { path: '/api/merge-pdf', field: 'files' };
const COMPRESS = { path: '/api/compress-pdf', field: 'file' };
