import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { readZip } from '@pdf-tools/harness/read-zip';
import { jpeg, png } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start(['api', 'worker']);
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
});
afterAll(() => stack.stop());

async function post(fields: Readonly<Record<string, string>>): Promise<Response> {
  const files = [
    { name: 'a.jpg', bytes: await jpeg() },
    { name: 'b.png', bytes: await png() },
  ];
  return fetch(`${stack.url}/api/image-to-pdf`, { method: 'POST', body: form(files, fields) });
}

describe('image-to-pdf over HTTP', () => {
  it('makes pages of the requested size, with the title', async () => {
    const fields = { page_size: 'a5', margin: '1cm', rotate: '90,0', metadata: '{"title":"Scans"}' };
    const document = await PDFDocument.load(await bytes(await post(fields)));
    expect(document.getTitle()).toBe('Scans');
    expect(document.getPages().map((page) => page.getSize())).toEqual([
      { width: 419.528, height: 595.276 },
      { width: 595.276, height: 419.528 },
    ]);
  });

  it('answers a ZIP of PDFs with combine=false', async () => {
    const answer = await post({ combine: 'false' });
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="images.zip"');
    const entries = await readZip(await bytes(answer));
    expect(entries.map(({ name }) => name)).toEqual(['a.pdf', 'b.pdf', 'manifest.json']);
    const { result } = await json<Job>(await fetch(`${stack.url}/api/jobs/${answer.headers.get('x-job-id') ?? ''}`));
    expect(result).toMatchObject({ media_type: 'application/zip', report: { files: [{ pages: 1 }, { pages: 1 }] } });
  });

  it.each([
    [{ page_size: 'A4', margin: '15cm' }, 'margin', 'leaves no space for the image'],
    [{ page_size: '100x150' }, 'page_size', 'such as 100x150mm'],
    [{ rotate: '0,90,180' }, 'rotate', 'has 3 entries for 2 files'],
    [{ metadata: '{"titel":"a"}' }, 'metadata', 'must not have "titel"'],
  ])('refuses %j and names the parameter', async (fields, param, message) => {
    const answer = await post(fields);
    expect(answer.status).toBe(400);
    expect(await json<Problem>(answer)).toMatchObject({
      code: 'invalid_params',
      errors: [{ param, message: expect.stringContaining(message) }],
    });
  });
});
