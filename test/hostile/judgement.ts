/** The response of an operation to an attack. */
export interface Outcome {
  readonly status: number;
  /** Code of the problem; empty for a result. */
  readonly code: string;
  readonly body: Buffer;
  readonly ms: number;
  /** Exit status of an independent reader for the result, 0 for a valid one; undefined if it did not run. */
  readonly reader?: number | undefined;
}

export type Judgement =
  | { readonly kind: 'as expected' }
  /** Right, but only for the reason in `why`. The test lists these. */
  | { readonly kind: 'allowed'; readonly why: string }
  | { readonly kind: 'wrong'; readonly why: string };

type Test = (outcome: Outcome) => boolean;

const is =
  (...codes: readonly string[]): Test =>
  ({ code }) =>
    codes.includes(code);
const either =
  (...tests: readonly Test[]): Test =>
  (outcome) =>
    tests.some((test) => test(outcome));
const done: Test = ({ status, reader }) => status === 200 && (reader ?? 0) === 0;
const refused: Test = ({ status }) => status >= 400 && status < 500;
const corrupt = is('corrupt_pdf', 'corrupt_image');
const limited = is('too_many_pages', 'too_many_pixels', 'upload_too_large');
const foreign = is('unsupported_format', 'empty_file');

/** The classes of the corpus. */
const EXPECTED: Readonly<Record<string, Test>> = {
  ACCEPT: done,
  ACCEPT_OR_REJECT: either(({ status }) => status === 200, refused),
  REJECT_TYPE: foreign,
  REJECT_CORRUPT: corrupt,
  REJECT_OR_REPAIR: either(corrupt, done),
  LIMIT: limited,
  LIMIT_OR_REJECT: either(limited, corrupt),
  LIMIT_OR_FIRST: either(limited, done),
  NEUTRAL: done,
  NEED_PASSWORD: is('password_required'),
  OWNER_POLICY: done,
  WARN: either(done, is('signed_pdf')),
  SVG: is('unsupported_format'),
};

/** Text that no response may contain: stack traces, paths, content of other files, a library's messages. */
const INSIDE =
  /\bat .{1,200}\.(?:js|ts):\d+|node_modules|\/(?:srv|app|home|tmp|var|data|run)\/|root:x:0|ENOENT|pdf-lib|vips/i;

/** At most the size of a result with one empty page. */
const SMALL_BYTES = 4_096;

/** Facts about an attack besides its class: it costs only renderers, or its bomb is in an unreferenced object. */
interface Known {
  readonly render?: boolean | undefined;
  readonly unread?: boolean;
}

/** Judges whether an attack of this class got the required response. */
export function judge(expected: string, outcome: Outcome, known: Known = {}): Judgement {
  const test = EXPECTED[expected];
  if (!test) return wrong(`nobody knows the class ${expected}`);
  if (leaks(outcome)) return wrong('tells of the inside');
  if (test(outcome)) return { kind: 'as expected' };
  const why = excuse(outcome, known);
  if (why !== undefined) return { kind: 'allowed', why };
  return wrong(
    `${expected} got ${outcome.status} ${outcome.code}${outcome.reader ? `, reader says ${outcome.reader}` : ''}`,
  );
}

function excuse(outcome: Outcome, { render = false, unread = false }: Known): string | undefined {
  if (is('time_limit', 'out_of_memory')(outcome)) return `stopped by the box alone: ${outcome.code}`;
  if (render && outcome.status === 200) return 'passed on: no operation paints pages';
  if (unread && done(outcome) && outcome.body.length < SMALL_BYTES)
    return 'nothing refers to what is wrong: it is never read, and not in the result';
  return undefined;
}

function leaks({ status, body }: Outcome): boolean {
  return status === 200 ? body.includes('root:x:0') : INSIDE.test(body.toString());
}

function wrong(why: string): Judgement {
  return { kind: 'wrong', why };
}

/** The result of http_attacks.mjs for one case. */
export interface HttpOutcome {
  readonly status: number | string;
  readonly answers?: readonly number[] | undefined;
  readonly ms: number;
  readonly health: number | string;
  readonly leak: boolean;
}

/** Compares an outcome with the corpus's expectation, such as "400|413", "2xx", "408|CLOSED within 40 s" or a sentence. */
export function judgeHttp(expected: string, outcome: HttpOutcome): Judgement {
  const { status, answers = [], ms, health, leak } = outcome;
  if (health !== 200) return wrong(`health is ${health} afterwards`);
  if (leak) return wrong('tells of the inside');
  if (answers.length > 1) return wrong(`${answers.length} answers to one request`);
  const seconds = Number(/ within (\d+) s/.exec(expected)?.[1] ?? Infinity);
  if (ms > seconds * 1_000) return wrong(`took ${Math.round(ms / 1_000)} s`);
  const words = SENTENCES[expected] ?? expected.replace(/ within .*|;.*/g, '').replace('5xx(501,505)', '501|505');
  const good = words.split('|').some((word) => matchesWord(word, status));
  return good ? { kind: 'as expected' } : wrong(`${expected} got ${status}`);
}

/** Expectations written as sentences, as statuses. Another test checks that evil.example is nowhere in the response. */
const SENTENCES: Readonly<Record<string, string>> = {
  'health stays 200': '200',
  'limit still counts the real peer': '429',
  '4xx|no evil.example in the answer': '4xx|2xx',
};

function matchesWord(word: string, status: number | string): boolean {
  if (/^\dxx$/.test(word)) return typeof status === 'number' && Math.floor(status / 100) === Number(word[0]);
  if (word === 'CLOSED') return status === 'CLOSED' || status === 'ECONNRESET';
  return String(status) === word;
}
