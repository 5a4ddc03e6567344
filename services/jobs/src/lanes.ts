/** Queued jobs wait in lanes by weight, so that light jobs do not wait for heavy ones and a worker runs one xlarge job. */
export const LANES = ['small', 'large', 'xlarge'] as const;
export type Lane = (typeof LANES)[number];

/** The lanes as Redis names them. The last one has kept the name that an earlier release gave it. */
export const STORED_LANES = ['small', 'large', 'giant'] as const;
export type StoredLane = (typeof STORED_LANES)[number];

/** Returns the name of a lane in Redis. */
export function storedLane(lane: Lane): StoredLane {
  return lane === 'xlarge' ? 'giant' : lane;
}

/** Returns the lane that has this name in Redis. */
export function laneOfStored(lane: StoredLane): Lane {
  return lane === 'giant' ? 'xlarge' : lane;
}

/** What is known of a file before it is processed. */
export interface Weighed {
  readonly bytes: number;
  /** Only of an image that will be decoded. */
  readonly pixels?: number | undefined;
  readonly pages?: number | undefined;
}

const MIB = 2 ** 20;
/** Processing a document takes several times its size in memory. */
const MEMORY_PER_BYTE = 4;
/** A decoded image and its encoded result. */
const MEMORY_PER_PIXEL = 8;
/** Up to this estimate (2 MiB of files or one megapixel) a job usually takes a fraction of a second. */
const MAX_SMALL_MEMORY = 8 * MIB;
/** From this estimate on (32 MiB of files or 16 megapixels) a job may need a large part of a worker's memory. */
const MIN_XLARGE_MEMORY = 128 * MIB;
/** Up to this many files, items or known pages a job usually takes a fraction of a second. */
const MAX_SMALL_UNITS = 100;

/** Bytes of input that cost as much as one job does at least. */
const BYTES_PER_TURN = 4 * MIB;
/** Files, items or pages that cost as much as one job does at least. */
export const UNITS_PER_TURN = 100;

/**
 * Returns how many things a job processes, as far as that is known when it is accepted. It is the largest of the number
 * of files, the length of the longest list in the parameters (such as `items`) and the pages that the files claim to have.
 */
export function unitsOf(inputs: readonly Weighed[], params: Readonly<Record<string, unknown>>): number {
  const lists = Object.values(params).map((value) => (Array.isArray(value) ? value.length : 0));
  const pages = inputs.reduce((sum, input) => sum + (input.pages ?? 0), 0);
  return Math.max(inputs.length, pages, ...lists);
}

/** Returns the cost of a job in fair queueing: 1, plus its bytes and units. */
export function costOf(inputs: readonly Weighed[], units: number): number {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  return 1 + bytes / BYTES_PER_TURN + units / UNITS_PER_TURN;
}

/** Returns the lane of a job. Images are decoded one after the other, so only the largest one counts. */
export function laneOf(inputs: readonly Weighed[], units = 1): Lane {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  const pixels = inputs.reduce((most, input) => Math.max(most, input.pixels ?? 0), 0);
  const memory = Math.max(bytes * MEMORY_PER_BYTE, pixels * MEMORY_PER_PIXEL);
  if (memory <= MAX_SMALL_MEMORY && units <= MAX_SMALL_UNITS) return 'small';
  return memory < MIN_XLARGE_MEMORY ? 'large' : 'xlarge';
}

/** A running job, or one that is about to run. */
export interface Running {
  readonly lane: Lane;
  readonly client: string;
}

/** What a worker may claim next. */
export interface Room {
  readonly lanes: readonly Lane[];
  /** The client that has all slots but the last one, which is kept for another client. Empty if no client has them. */
  readonly except: string;
  /** Whether that client is kept from the slot even if no other client has unfinished jobs. */
  readonly exceptIfAlone: boolean;
}

/**
 * Returns what a worker may claim in addition to its running jobs. It runs `concurrency` jobs, at most one of them xlarge,
 * and one job more. That job must be small if all others are heavy, and of another client if all others are one client's.
 * A small job may pass heavy jobs of its own client while no other client has jobs.
 */
export function roomFor(running: readonly Running[], concurrency: number): Room {
  if (running.length > concurrency) return { lanes: [], except: '', exceptIfAlone: true };
  const [first] = running;
  const isOneClients = first !== undefined && running.every(({ client }) => client === first.client);
  const except = isOneClients && running.length === concurrency ? first.client : '';
  const heavy = running.filter(({ lane }) => lane !== 'small').length;
  if (heavy >= concurrency) return { lanes: ['small'], except, exceptIfAlone: false };
  const lanes = LANES.filter((lane) => lane !== 'xlarge' || !running.some((job) => job.lane === 'xlarge'));
  return { lanes, except, exceptIfAlone: true };
}
