import { fileURLToPath } from 'node:url';
import { WarmChild } from '@pdf-tools/harness/warm-child';
import { Resident, runOnce } from './peers/resident.js';
import type { PeerOrder, Sample } from './peers/resident.js';

/** A program that merges files. */
export interface Contender {
  readonly name: string;
  /** Whether the process keeps running. It then merges before the measurement, as a service does. */
  readonly stays: boolean;
  readonly merge: (order: PeerOrder) => Promise<Sample>;
  readonly stop: () => void;
}

const PDF_LIB = fileURLToPath(new URL('./peers/pdf-lib.js', import.meta.url));
/** Python files are not compiled, so this one stays in the source folder. */
export const PYPDF2 = fileURLToPath(new URL('../../bench/peers/pypdf2.py', import.meta.url));
const NO_LIMITS = { ms: 600_000, bytes: Infinity };

/** Starts our warm process, then the peers. `python` has PyPDF2; if it is empty, PyPDF2 is left out. */
export async function startContenders(python: string): Promise<Contender[]> {
  const contenders = [await ours(), qpdf, ...(python === '' ? [] : await pypdf2(python))];
  const pdfLib = await Resident.start(process.execPath, [PDF_LIB]);
  return [...contenders, resident('pdf-lib, warm', pdfLib)];
}

async function ours(): Promise<Contender> {
  const child = new WarmChild(NO_LIMITS);
  await child.start();
  return {
    name: 'ours, warm',
    stays: true,
    merge: async ({ files, out }) => {
      const { kind, answer, peak, before } = await child.run({ operation: 'merge-pdf', files, outputPath: out });
      if (!answer?.ok) throw new Error(`ours ended with ${answer ? `${answer.code}: ${answer.detail}` : kind}`);
      return { ms: answer.ms, peak, before };
    },
    stop: () => {
      child.stop();
    },
  };
}

const qpdf: Contender = {
  name: 'qpdf, whole process',
  stays: false,
  // Status 3 is a warning about what it repaired.
  merge: ({ files, out }) =>
    runOnce('qpdf', ['--empty', '--pages', ...files, '--', '--object-streams=generate', out], [0, 3]),
  stop: () => undefined,
};

async function pypdf2(python: string): Promise<Contender[]> {
  const whole: Contender = {
    name: 'PyPDF2, whole process',
    stays: false,
    merge: ({ files, out }) => runOnce(python, [PYPDF2, out, ...files]),
    stop: () => undefined,
  };
  return [whole, resident('PyPDF2, warm', await Resident.start(python, [PYPDF2]))];
}

function resident(name: string, process: Resident): Contender {
  return {
    name,
    stays: true,
    merge: (order) => process.merge(order),
    stop: () => {
      process.stop();
    },
  };
}
