/** What an HTTP Observatory scan of one page reads. */
export interface Scan {
  readonly headers: Headers;
  readonly body: string;
  /** Target of the redirect from the page's plain-HTTP address; undefined if it answers without one. */
  readonly redirect: string | undefined;
  readonly host: string;
}

const SIX_MONTHS = 15_552_000;
/** Bonuses count at this score and above. */
const BONUS_FROM = 90;
const BROAD = ['*', 'http:', 'https:', 'ftp:', 'data:', 'blob:'];
const PRIVATE_REFERRERS = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'];

function directives(policy: string): Map<string, string[]> {
  return new Map(
    policy.split(';').map((directive): [string, string[]] => {
      const [name = '', ...values] = directive.trim().toLowerCase().split(/\s+/);
      return [name, values];
    }),
  );
}

function contentSecurityPolicy({ headers }: Scan): number {
  const policy = headers.get('content-security-policy');
  if (policy === null) return -25;
  const given = directives(policy);
  const all = given.get('default-src') ?? ['*'];
  const sources = (name: string): string[] => given.get(name) ?? all;
  const unsafe = (values: string[], broad: string[]): boolean =>
    values.some((value) => broad.includes(value) || (value === "'unsafe-inline'" && !values.some(isNonceOrHash)));
  if (unsafe(sources('script-src'), BROAD) || unsafe(sources('object-src'), BROAD)) return -20;
  if (sources('script-src').includes("'unsafe-eval'")) return -10;
  if (unsafe(sources('style-src'), BROAD)) return 0;
  return all.length === 1 && all[0] === "'none'" ? 10 : 5;
}

function isNonceOrHash(value: string): boolean {
  return /^'(nonce|sha(256|384|512))-/.test(value);
}

function cookies({ headers }: Scan): number {
  return headers.getSetCookie().length === 0 ? 0 : -40;
}

function crossOriginSharing({ headers }: Scan): number {
  const open = headers.get('access-control-allow-origin') === '*';
  return open && headers.get('access-control-allow-credentials') === 'true' ? -50 : 0;
}

function redirection({ redirect, host }: Scan): number {
  if (redirect === undefined) return -20;
  const { protocol, hostname } = new URL(redirect);
  if (protocol !== 'https:') return -20;
  return hostname === host ? 0 : -5;
}

function referrerPolicy({ headers }: Scan): number {
  const policy = headers.get('referrer-policy');
  if (policy === null) return 0;
  return PRIVATE_REFERRERS.includes(policy) ? 5 : -5;
}

function strictTransportSecurity({ headers }: Scan): number {
  const age = /max-age=(\d+)/.exec(headers.get('strict-transport-security') ?? '')?.[1];
  if (age === undefined) return -20;
  return Number(age) >= SIX_MONTHS ? 0 : -10;
}

/** Scripts of other origins need integrity. A page without scripts needs nothing. */
function subresourceIntegrity({ body }: Scan): number {
  const scripts = [...body.matchAll(/<script[^>]*\ssrc=[^>]*>/g)].map(([tag]) => tag);
  return scripts.every((tag) => tag.includes('integrity=')) ? 0 : -5;
}

function contentTypeOptions({ headers }: Scan): number {
  return headers.get('x-content-type-options') === 'nosniff' ? 0 : -5;
}

function frameOptions({ headers }: Scan): number {
  const ancestors = directives(headers.get('content-security-policy') ?? '').get('frame-ancestors');
  if (ancestors?.includes("'none'") ?? false) return 5;
  return /^(DENY|SAMEORIGIN)$/.test(headers.get('x-frame-options') ?? '') ? 0 : -20;
}

function resourcePolicy({ headers }: Scan): number {
  const policy = headers.get('cross-origin-resource-policy');
  if (policy === null || policy === 'cross-origin') return 0;
  return policy === 'same-origin' || policy === 'same-site' ? 10 : -5;
}

const TESTS = {
  'content-security-policy': contentSecurityPolicy,
  cookies,
  'cross-origin-resource-sharing': crossOriginSharing,
  redirection,
  'referrer-policy': referrerPolicy,
  'strict-transport-security': strictTransportSecurity,
  'subresource-integrity': subresourceIntegrity,
  'x-content-type-options': contentTypeOptions,
  'x-frame-options': frameOptions,
  'cross-origin-resource-policy': resourcePolicy,
};

export interface Score {
  readonly score: number;
  readonly modifiers: Readonly<Record<string, number>>;
}

/**
 * Returns the score by the published table of MDN's HTTP Observatory ("Tests and scoring"): 100 points less the penalties,
 * plus the bonuses at 90 points and above. A+ is 100 or more. Every cookie gets the worst score, because we have none.
 */
export function observatory(scan: Scan): Score {
  const modifiers = Object.fromEntries(Object.entries(TESTS).map(([name, test]) => [name, test(scan)]));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const values = Object.values(modifiers);
  const base = 100 + sum(values.filter((value) => value < 0));
  const score = base < BONUS_FROM ? base : base + sum(values.filter((value) => value > 0));
  return { score: Math.max(0, score), modifiers };
}
