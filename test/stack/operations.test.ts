import { describe, expect, it, jest } from '@jest/globals';
import { PDFDocument, PDFName } from 'pdf-lib';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, pdf, png, scan } from '@pdf-tools/harness/samples';
import { call, form, jobView, untilEnded } from './client.js';
import { inside, qpdfCheck } from './docker.js';

jest.setTimeout(120_000);

async function pagesOf(bytes: Buffer): Promise<number> {
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(await qpdfCheck(bytes)).toContain('No syntax or stream encoding errors');
  return (await PDFDocument.load(bytes)).getPageCount();
}

/** Returns the files of a job on the volume. */
function filesOf(id: string): Promise<string> {
  return inside('api', `find /data/uploads /data/temp -path '*${id}*'`);
}

async function startJob(): Promise<string> {
  const body = form({}, [['files', 'a.jpg', await jpeg()]]);
  const accepted = await call('/api/image-to-pdf', { method: 'POST', headers: { Prefer: 'respond-async' }, body });
  expect(accepted.status).toBe(202);
  const job = jobView.parse(JSON.parse(accepted.body.toString()));
  expect(accepted.headers.get('location')).toBe(`/api/jobs/${job.id}`);
  return job.id;
}

describe('a request through nginx', () => {
  it('converts images to a PDF with one page each', async () => {
    const body = form({}, [
      ['files', 'a.jpg', await jpeg()],
      ['files', 'b.png', await png()],
    ]);
    const answer = await call('/api/image-to-pdf', { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(await pagesOf(answer.body)).toBe(2);
  });

  it('merges PDFs in order', async () => {
    const body = form({}, [
      ['files', 'a.pdf', await pdf(['one', 'two'])],
      ['files', 'b.pdf', await pdf(['three'])],
    ]);
    const answer = await call('/api/merge-pdf', { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(await pagesOf(answer.body)).toBe(3);
  });

  it('shows Chinese, Japanese and Korean titles on the contents page', async () => {
    const body = form({ toc: 'true' }, [
      ['files', '年度報告 ひらがな 한국어.pdf', await pdf(['one'])],
      ['files', 'b.pdf', await pdf(['two'])],
    ]);
    const answer = await call('/api/merge-pdf', { method: 'POST', body });
    expect(answer.status).toBe(200);
    const contents = (await PDFDocument.load(answer.body)).getPage(0);
    expect(contents.node.Resources()?.lookup(PDFName.of('Font'))?.toString()).toContain('WenQuanYiMicroHei');
  });

  it('compresses a scan and reports the sizes', async () => {
    const input = await scan(2);
    const body = form({ dpi: '100', image_quality: '60' }, [['file', 'scan.pdf', input]]);
    const answer = await call('/api/compress-pdf', { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(answer.body.length).toBeLessThan(input.length);
    expect(answer.headers.get('x-original-size')).toBe(String(input.length));
    expect(answer.headers.get('x-result-size')).toBe(String(answer.body.length));
    expect(answer.headers.get('x-result')).toBe('compressed');
    expect(await pagesOf(answer.body)).toBe(2);
  });
});

describe('a background job through nginx', () => {
  it('is accepted, polled, read in whole and in part, and deleted with all its files', async () => {
    const id = await startJob();
    const job = await untilEnded(id);
    expect(job).toMatchObject({ status: 'succeeded', operation: 'image-to-pdf', result: { pages: 1 } });

    const path = `/api/jobs/${id}/result`;
    const whole = await call(path);
    expect(whole.status).toBe(200);
    expect(whole.body).toHaveLength(job.result?.bytes ?? -1);
    expect(await pagesOf(whole.body)).toBe(1);

    const part = await call(path, { headers: { Range: 'bytes=5-14' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 5-14/${whole.body.length}`);
    expect(part.body).toEqual(whole.body.subarray(5, 15));
    expect((await call(path, { headers: { Range: `bytes=${whole.body.length}-` } })).status).toBe(416);
    const several = await call(path, { headers: { Range: 'bytes=0-1,4-5' } });
    expect([several.status, several.body.length]).toEqual([200, whole.body.length]);
    expect((await call(path, { headers: { 'If-None-Match': whole.headers.get('etag') ?? '' } })).status).toBe(304);

    expect(await filesOf(id)).toContain(id);
    expect((await call(`/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
    await eventually(async () => (await filesOf(id)) === '', 'files gone');
    expect((await call(path)).status).toBe(404);
    expect((await call(`/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
  });
});
