/**
 * Jobs wait in lanes by how heavy they are, so that light ones need not wait for heavy ones and one worker never runs
 * two giants at the same time.
 */
export const LANES = ['small', 'large', 'giant'] as const;
export type Lane = (typeof LANES)[number];

/** What is known of a file before it is worked on: `pixels` where it is a picture that will be decoded. */
export interface Weighed {
  readonly bytes: number;
  readonly pixels?: number | undefined;
  readonly pages?: number | undefined;
}

const MIB = 2 ** 20;
/** Work on a document takes several times its size in memory. */
const MEMORY_PER_BYTE = 4;
/** A decoded picture, and what is made of it. */
const MEMORY_PER_PIXEL = 8;
/** Up to this estimate, 2 MiB of files or one megapixel, a job is expected to take a fraction of a second. */
const SMALL_MEMORY = 8 * MIB;
/** From this estimate on, 32 MiB of files or 16 megapixels, a job may need a large part of a worker's memory. */
const GIANT_MEMORY = 128 * MIB;
/** Up to so many files, items or known pages a job is expected to take a fraction of a second. */
const SMALL_UNITS = 100;

/** Bytes of input that cost as much as a job does by itself. */
const BYTES_PER_TURN = 4 * MIB;
/** Files, items or pages that do. */
export const UNITS_PER_TURN = 100;

/**
 * How many things a job works on, as far as that is known when it is accepted: its files, the entries of the longest
 * list among its parameters (such as `items`), or the pages that its files claim to have, whichever are more.
 */
export function unitsOf(inputs: readonly Weighed[], params: Readonly<Record<string, unknown>>): number {
  const lists = Object.values(params).map((value) => (Array.isArray(value) ? value.length : 0));
  const pages = inputs.reduce((sum, input) => sum + (input.pages ?? 0), 0);
  return Math.max(inputs.length, pages, ...lists);
}

/** What a job costs its client when turns are taken: 1 by itself, more with its bytes and with what it works on. */
export function costOf(inputs: readonly Weighed[], units: number): number {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  return 1 + bytes / BYTES_PER_TURN + units / UNITS_PER_TURN;
}

/** The lane of a job with these inputs: pictures are decoded one after the other, so that the largest counts. */
export function laneOf(inputs: readonly Weighed[], units = 1): Lane {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  const pixels = inputs.reduce((most, input) => Math.max(most, input.pixels ?? 0), 0);
  const memory = Math.max(bytes * MEMORY_PER_BYTE, pixels * MEMORY_PER_PIXEL);
  if (memory <= SMALL_MEMORY && units <= SMALL_UNITS) return 'small';
  return memory < GIANT_MEMORY ? 'large' : 'giant';
}

/** A job that runs, or is about to. */
export interface Running {
  readonly lane: Lane;
  readonly client: string;
}

/** What a worker may take as its next job. */
export interface Room {
  readonly lanes: readonly Lane[];
  /** The client that has all its slots but the last one, which is kept for another client; empty if no client has. */
  readonly except: string;
  /** Whether the slot is kept from that client although no other client has unfinished jobs. */
  readonly exceptIfAlone: boolean;
}

/**
 * Returns what a worker may take as one more job, given those it runs: `concurrency` jobs of any kind, one giant at most,
 * and one job more. That one is small if all others are heavy, so that small ones get through, and of another client if
 * all others are one client's. A small one may pass its own client's heavy jobs while no other client has jobs.
 */
export function roomFor(atWork: readonly Running[], concurrency: number): Room {
  if (atWork.length > concurrency) return { lanes: [], except: '', exceptIfAlone: true };
  const [first] = atWork;
  const isOneClients = first !== undefined && atWork.every(({ client }) => client === first.client);
  const except = isOneClients && atWork.length === concurrency ? first.client : '';
  const heavy = atWork.filter(({ lane }) => lane !== 'small').length;
  if (heavy >= concurrency) return { lanes: ['small'], except, exceptIfAlone: false };
  const lanes = LANES.filter((lane) => lane !== 'giant' || !atWork.some((job) => job.lane === 'giant'));
  return { lanes, except, exceptIfAlone: true };
}
