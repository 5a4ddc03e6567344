import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json } from '@pdf-tools/harness/http';
import type { Problem } from '@pdf-tools/harness/http';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start(['api']);
});
afterAll(() => stack.stop());

/** Sends a form whose parts have these headers; one character of them is one byte. */
async function send(operation: string, parts: readonly (readonly [headers: string, body: string])[]): Promise<Problem> {
  const text = parts.map(([headers, body]) => `--b\r\nContent-Disposition: form-data; ${headers}\r\n\r\n${body}\r\n`);
  const body = Buffer.from(`${text.join('')}--b--\r\n`, 'latin1');
  const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
  return json<Problem>(await fetch(`${stack.url}/api/${operation}`, { method: 'POST', headers, body }));
}

const OCTETS = '\r\nContent-Type: application/octet-stream';
const PDF = '\r\nContent-Type: application/pdf';

describe('a file without a file name', () => {
  it.each([
    ['as a PDF', PDF, 2_000],
    ['as a PDF of more than 64 KiB', PDF, 200_000],
    ['as bytes', OCTETS, 2_000],
    ['as bytes of more than 64 KiB', OCTETS, 200_000],
    ['without a type', '', 2_000],
  ])('is refused in the same words when sent %s', async (_how, type, size) => {
    const problem = await send('compress-pdf', [[`name="file"${type}`, `%PDF-1.4\n${'%'.repeat(size)}`]]);
    expect(problem).toMatchObject({ code: 'bad_multipart', errors: [{ param: 'file' }] });
    expect(problem.detail).toBe(
      'The file in "file" has no file name. ' +
        'Send it with Content-Disposition: form-data; name="file"; filename="document.pdf".',
    );
    expect(await stack.filesOf()).toEqual([]);
  });

  it('is refused also beside files that have one', async () => {
    const named = ['name="files"; filename="a.pdf"', '%PDF-1.4 and more'] as const;
    const problem = await send('merge-pdf', [named, [`name="files"${OCTETS}`, '%PDF-1.4 and more']]);
    expect(problem).toMatchObject({ code: 'bad_multipart', errors: [{ param: 'files' }] });
    expect(await stack.filesOf()).toEqual([]);
  });

  it('is no file if it is empty, as browsers send an empty file input', async () => {
    const problem = await send('merge-pdf', [[`name="files"; filename=""${OCTETS}`, '']]);
    expect(problem).toMatchObject({ code: 'no_files', errors: [{ param: 'files' }] });
  });
});

describe('the name of a file', () => {
  it.each([
    ['Latin-1', 'Pr\xfcfung Hélène.pdf', 'Prüfung Hélène.pdf'],
    ['UTF-8', Buffer.from('Prüfung 表.pdf').toString('latin1'), 'Prüfung 表.pdf'],
    ['Shift-JIS', '\x83e\x83X\x83g\x95\x5c.pdf', 'テスト表.pdf'],
    ['Shift-JIS with a path', '..\\\x8c\xa9\x90\xcf\x8f\x91.pdf', '見積書.pdf'],
  ])('keeps its letters when sent as %s', async (_encoding, sent, name) => {
    const { errors } = await send('merge-pdf', [[`name="files"; filename="${sent}"`, 'no PDF']]);
    expect(errors).toMatchObject([{ file: name }]);
  });

  it('is the one of filename* if there is one', async () => {
    const names = `filename="x.pdf"; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf`;
    const { errors } = await send('merge-pdf', [[`name="files"; ${names}`, 'no PDF']]);
    expect(errors).toMatchObject([{ file: '見積.pdf' }]);
  });
});

describe('the Content-Type of a form', () => {
  it('needs a boundary, and the refusal says so', async () => {
    const headers = { 'Content-Type': 'multipart/form-data' };
    const answer = await fetch(`${stack.url}/api/merge-pdf`, { method: 'POST', headers, body: 'x' });
    expect(await json<Problem>(answer)).toMatchObject({
      code: 'bad_multipart',
      detail: expect.stringContaining('no boundary'),
      errors: [{ param: 'Content-Type' }],
    });
  });
});

it('refuses an unknown query parameter before it reads the body, with the nearest name', async () => {
  const answer = await fetch(`${stack.url}/api/merge-pdf?asinc=true`, { method: 'POST' });
  expect(await json<Problem>(answer)).toMatchObject({
    code: 'invalid_params',
    detail: expect.stringContaining('asinc is not a parameter; did you mean "async"?'),
    errors: [{ param: 'asinc' }],
  });
});
