/** A request that Node's HTTP parser or nginx refuses. */
export interface MalformedRequest {
  readonly name: string;
  /** Bytes after `Host`, or the whole request if it does not begin with a header. One character is one byte. */
  readonly text: string;
  /** Status that the api itself answers. */
  readonly status: number;
  /** Status of nginx if it differs. A request that nginx repairs or forwards has no fixed status. */
  readonly proxyStatus?: number | 'any';
}

const GET = 'GET /api/limits HTTP/1.1\r\nHost: x\r\n';
const POST = 'POST /api/merge-pdf HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

function headers(count: number): string {
  return Array.from({ length: count }, (_, i) => `X-${i}: 1\r\n`).join('');
}

/** One of each kind that a client can send. */
export const MALFORMED_REQUESTS: readonly MalformedRequest[] = [
  { name: 'the control 0x01 in a header value', text: `${GET}X-A: b\x01c\r\n\r\n`, status: 400 },
  { name: 'the control 0x7f in a header value', text: `${GET}X-A: b\x7fc\r\n\r\n`, status: 400 },
  { name: 'a NUL in a header value', text: `${GET}X-A: b\0c\r\n\r\n`, status: 400 },
  { name: 'a NUL in the path', text: 'GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n', status: 400 },
  { name: 'the byte 0xff in the path', text: 'GET /api/lim\xff\x80its HTTP/1.1\r\nHost: x\r\n\r\n', status: 400 },
  { name: 'the byte 0xff in the query', text: 'GET /api/limits?\xff HTTP/1.1\r\nHost: x\r\n\r\n', status: 400 },
  { name: '28 KB of cookies', text: `${GET}${`Cookie: a=${'b'.repeat(7_000)}\r\n`.repeat(4)}\r\n`, status: 431 },
  { name: 'a header of 30 KB', text: `${GET}X-A: ${'b'.repeat(30_000)}\r\n\r\n`, status: 431 },
  { name: 'a path of 30 KB', text: `GET /${'a'.repeat(30_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, status: 414 },
  { name: '129 headers', text: `${GET}${headers(128)}\r\n`, status: 431 },
  { name: '2,001 headers', text: `${GET}${headers(2_000)}\r\n`, status: 431 },
  { name: 'a folded header', text: `${GET}X-A: b\r\n c\r\n\r\n`, status: 400 },
  { name: 'a lone CR in a header', text: `${GET}X-A: b\rX-B: c\r\n\r\n`, status: 400 },
  { name: 'a space before the colon', text: `${GET}X-A : b\r\n\r\n`, status: 400 },
  { name: 'a header without a colon', text: `${GET}X-A\r\n\r\n`, status: 400, proxyStatus: 'any' },
  { name: 'no Host', text: 'GET /api/limits HTTP/1.1\r\n\r\n', status: 400 },
  { name: 'an invalid method', text: 'G@T /api/limits HTTP/1.1\r\nHost: x\r\n\r\n', status: 400 },
  { name: 'an unknown method', text: 'FETCH /api/limits HTTP/1.1\r\nHost: x\r\n\r\n', status: 400, proxyStatus: 405 },
  { name: 'CONNECT', text: 'CONNECT 127.0.0.1:6379 HTTP/1.1\r\nHost: x\r\n\r\n', status: 405 },
  { name: 'HTTP/9.9', text: 'GET /api/limits HTTP/9.9\r\nHost: x\r\n\r\n', status: 400, proxyStatus: 505 },
  { name: 'a TLS handshake', text: '\x16\x03\x01\x02\0\x01\0\r\n\r\n', status: 400 },
  { name: 'an unknown expectation', text: `${GET}Expect: 200-ok\r\n\r\n`, status: 417, proxyStatus: 'any' },
  { name: 'a second Content-Length', text: `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, status: 400 },
  { name: 'a negative Content-Length', text: `${POST}Content-Length: -1\r\n\r\nx`, status: 400 },
  { name: 'a Content-Length with a sign', text: `${POST}Content-Length: +5\r\n\r\nhello`, status: 400 },
  {
    name: 'Content-Length and Transfer-Encoding',
    text: `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'two transfer codings',
    text: `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
    proxyStatus: 501,
  },
  { name: 'a chunk size that is no number', text: `${CHUNKED}zz\r\nhello\r\n0\r\n\r\n`, status: 400 },
  {
    name: 'a chunk size beyond 64 bits',
    text: `${CHUNKED}fffffffffffffffff\r\nhello`,
    status: 400,
    proxyStatus: 'any',
  },
  { name: 'a negative chunk size', text: `${CHUNKED}-1\r\nx`, status: 400 },
  { name: 'a chunk longer than its size', text: `${CHUNKED}2\r\nhello\r\n0\r\n\r\n`, status: 400 },
  {
    name: 'a chunk extension of 20 KB',
    text: `${CHUNKED}5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
    status: 400,
    proxyStatus: 'any',
  },
  { name: 'a malformed trailer', text: `${CHUNKED}0\r\nX A\x01\r\n\r\n`, status: 400, proxyStatus: 'any' },
];
