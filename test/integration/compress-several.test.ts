import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { FormFile, Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { readZip } from '@pdf-tools/harness/read-zip';
import { pdf, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let scanned: Buffer;

beforeAll(async () => {
  scanned = await scan(1);
  stack = await TestStack.start(['api', 'worker']);
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
});
afterAll(() => stack.stop());

function post(files: readonly FormFile[], fields: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${stack.url}/api/compress-pdf`, { method: 'POST', body: form(files, fields) });
}

/** The parts of an OpenAPI document that the test reads. */
interface Description {
  readonly paths: Record<
    string,
    {
      post: {
        requestBody: { content: Record<string, { schema: object }> };
        responses: Record<string, { content: object }>;
      };
    }
  >;
}

describe('compress-pdf over HTTP', () => {
  it.each(['file', 'files'])('answers a PDF for one file in the field "%s"', async (field) => {
    const answer = await post([{ name: 'scan.pdf', bytes: scanned, field }]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="compressed.pdf"');
    expect((await bytes(answer)).toString('latin1', 0, 5)).toBe('%PDF-');
  });

  it('answers a ZIP with a manifest for three files, one of which is broken', async () => {
    const broken = Buffer.from('%PDF-1.7\nno');
    const files = [
      { name: 'überblick.pdf', bytes: scanned },
      { name: 'broken.pdf', bytes: broken },
      { name: 'a.pdf', bytes: await pdf(['one', 'two']) },
    ];
    const answer = await post(files);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="compressed.zip"');
    const size = files.reduce((sum, file) => sum + file.bytes.length, 0);
    expect(answer.headers.get('x-original-size')).toBe(String(size));
    const zip = await bytes(answer);
    expect(answer.headers.get('x-result-size')).toBe(String(zip.length));
    const entries = await readZip(zip);
    expect(entries.map(({ name }) => name)).toEqual(['überblick.pdf', 'a.pdf', 'manifest.json']);
    expect(JSON.parse(entries[2]?.bytes.toString() ?? '')).toMatchObject({
      files: [{ pages: 1, result: 'compressed' }, { error: { code: 'corrupt_pdf' } }, { pages: 2 }],
    });
    const path = `/api/jobs/${answer.headers.get('x-job-id') ?? ''}`;
    const { result } = await json<Job>(await fetch(stack.url + path));
    expect(result).toMatchObject({ media_type: 'application/zip', bytes: zip.length, report: { failed_files: 1 } });
    const again = await fetch(`${stack.url}${path}/result`);
    expect(again.headers.get('content-type')).toBe('application/zip');
    expect((await bytes(again)).equals(zip)).toBe(true);
  });

  it('gives the name that the client asks for the extension of a ZIP', async () => {
    const files = ['a.pdf', 'b.pdf'].map((name) => ({ name, bytes: scanned }));
    const { headers } = await post(files, { output_name: 'small.pdf' });
    expect(headers.get('content-disposition')).toBe('attachment; filename="small.pdf.zip"');
  });

  it('answers the problem of the files if all are broken', async () => {
    const files = ['a.pdf', 'b.pdf'].map((name) => ({ name, bytes: Buffer.from('%PDF-1.7\nno') }));
    const answer = await post(files);
    expect(answer.status).toBe(422);
    expect(await json<Problem>(answer)).toMatchObject({
      code: 'corrupt_pdf',
      errors: [
        { file: 'a.pdf', index: 0 },
        { file: 'b.pdf', index: 1 },
      ],
    });
  });

  it('takes one file in "file", and says that several belong in "files"', async () => {
    const answer = await post(['a.pdf', 'b.pdf'].map((name) => ({ name, bytes: scanned, field: 'file' })));
    expect(answer.status).toBe(400);
    expect(await json<Problem>(answer)).toMatchObject({
      code: 'too_many_files',
      detail: 'The field "file" takes one file per request. Send several files in "files".',
    });
  });

  it('refuses parameters that exclude each other', async () => {
    const file = { name: 'a.pdf', bytes: scanned, field: 'file' };
    const answer = await post([file], { level: 'lossless', target_size: '2 MB' });
    expect(answer.status).toBe(400);
    expect(await json<Problem>(answer)).toMatchObject({ code: 'invalid_params', errors: [{ param: 'target_size' }] });
  });

  it('is described with both fields and both media types by OpenAPI', async () => {
    const { paths } = await json<Description>(await fetch(`${stack.url}/openapi.json`));
    const operation = paths['/api/compress-pdf']?.post;
    expect(operation?.requestBody.content['multipart/form-data']?.schema).toMatchObject({
      properties: { file: { contentMediaType: 'application/octet-stream' }, files: { type: 'array', maxItems: 200 } },
      minProperties: 1,
    });
    expect(Object.keys(operation?.responses[200]?.content ?? {})).toEqual(['application/pdf', 'application/zip']);
  });
});
