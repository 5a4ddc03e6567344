// A client as a user of openapi-typescript and openapi-fetch writes it. It is compiled, not run.
import createClient from 'openapi-fetch';
import type { paths } from 'pdf-tools-schema';

const client = createClient<paths>({ baseUrl: 'https://pdf.example.org' });

/** Sends each file as a part of its own, and lists and objects as JSON. */
function toForm(body: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body))
    if (name === 'files') for (const file of value as Blob[]) form.append(name, file);
    else form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  return form;
}

export async function merge(first: File, second: File): Promise<Blob> {
  const { data, error } = await client.POST('/api/merge-pdf', {
    body: {
      files: [first, second],
      items: [
        { file: 1, pages: '1-3' },
        { file: 0, rotate: 90 },
      ],
      toc: true,
    },
    bodySerializer: toForm,
    parseAs: 'blob',
  });
  if (error) throw new Error(`${error.code}: ${error.detail}`);
  return data as Blob;
}

export async function mergeInBackground(files: File[]): Promise<string> {
  const { data, response } = await client.POST('/api/merge-pdf', {
    params: { query: { async: true }, header: { 'Idempotency-Key': 'order-4711' } },
    body: { files },
    bodySerializer: toForm,
  });
  return data === undefined ? '' : (response.headers.get('Location') ?? '');
}

/** The type of a report follows from the operation of its job. */
export async function savedBytes(id: string): Promise<number> {
  const { data: job } = await client.GET('/api/jobs/{id}', { params: { path: { id } } });
  if (job?.operation !== 'compress-pdf' || !job.result) return 0;
  const { input_bytes, output_bytes } = job.result.report;
  return input_bytes - output_bytes;
}

export async function pagesOfFiles(id: string): Promise<number[]> {
  const { data: job } = await client.GET('/api/jobs/{id}', { params: { path: { id } } });
  if (job?.operation !== 'merge-pdf' || !job.result) return [];
  return job.result.report.files.map(({ pages }) => pages);
}

export async function compress(file: File): Promise<Blob> {
  const { data, error } = await client.POST('/api/compress-pdf', {
    body: { file, level: 'screen' },
    bodySerializer: toForm,
    parseAs: 'blob',
  });
  if (error) throw new Error(error.errors.map(({ param, message }) => `${param ?? ''} ${message}`).join('\n'));
  return data as Blob;
}
