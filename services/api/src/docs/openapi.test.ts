import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, OPERATIONS } from '@pdf-tools/operations/registry';
import { ERROR_CODES } from '@pdf-tools/runtime/errors';
import { Validator } from '@seriousme/openapi-schema-validator';
import { callOptions } from '../jobs/params.js';
import { PROXY } from './chapters.js';
import { escapeHtml } from './html.js';
import { openApiDocument } from './openapi.js';
import { renderDocs } from './page.js';
import { REMEDIES } from './remedies.js';

const options = callOptions(3_600);
const document = openApiDocument(OPERATIONS, { version: '1.2.3', options, maxUploadBytes: 50_000_000 });

interface Post {
  readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly headers: Readonly<Record<string, unknown>> } | undefined>>;
}

function postOf(name: string): Post {
  const paths = document.paths as Readonly<Record<string, { readonly post?: Post }>>;
  const post = paths[`/api/${name}`]?.post;
  if (!post) throw new Error(`no operation ${name}`);
  return post;
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(
      JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
    );
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('has every operation with its parameters', () => {
    const text = JSON.stringify(document);
    for (const name of OPERATION_NAMES) {
      expect(document.paths).toHaveProperty([`/api/${name}`]);
      for (const param of Object.keys(OPERATIONS[name].params.shape)) expect(text).toContain(`"${param}":`);
    }
  });

  it('requires no parameter that has a default', () => {
    const { content } = postOf('merge-pdf').requestBody;
    expect(content['multipart/form-data']?.schema).toMatchObject({
      required: ['files'],
      properties: { items: { items: { required: ['file'] } } },
    });
  });

  it('lists only the errors that the files of an operation can lead to', () => {
    const codesOf = (name: string): string => JSON.stringify(postOf(name).responses[422]);
    expect(codesOf('image-to-pdf')).toMatch(/corrupt_image/);
    expect(codesOf('image-to-pdf')).not.toMatch(/password|corrupt_pdf|signed_pdf/);
    expect(codesOf('merge-pdf')).toMatch(/password_required.*invalid_range/);
    expect(codesOf('compress-pdf')).not.toMatch(/corrupt_image|invalid_range/);
  });

  it('lists each error code of the service, and no other', () => {
    const paths = JSON.stringify(document.paths);
    const listed = new Set([...paths.matchAll(/#\/components\/examples\/(\w+)/g)].map(([, code = '']) => code));
    const { Problem } = document.components.schemas;
    expect(Problem).toMatchObject({ properties: { code: { enum: Object.keys(ERROR_CODES) } } });
    // These belong to addresses and methods that the document does not have. integration/refusals provokes each code.
    const unlisted = Object.keys(ERROR_CODES).filter((code) => !listed.has(code));
    expect(unlisted).toEqual(['forbidden', 'not_found', 'method_not_allowed']);
    for (const code of listed) expect(Object.keys(ERROR_CODES)).toContain(code);
  });

  it('gives each operation its own type of report', () => {
    const { MergePdfJob, Job } = document.components.schemas;
    expect(MergePdfJob).toMatchObject({
      properties: {
        operation: { const: 'merge-pdf' },
        result: { anyOf: [{ properties: { report: { $ref: '#/components/schemas/MergePdfReport' } } }, {}] },
      },
    });
    expect(Job?.discriminator).toMatchObject({ propertyName: 'operation' });
  });

  it('has an example in each of its schemas', () => {
    for (const schema of Object.values(document.components.schemas))
      expect(schema).toMatchObject({ examples: expect.arrayContaining([expect.anything()]) });
  });

  it('declares the headers of results', () => {
    const { headers } = postOf('compress-pdf').responses[200] ?? {};
    expect(Object.keys(headers ?? {})).toEqual(
      expect.arrayContaining([
        'X-Request-Id',
        'RateLimit',
        'RateLimit-Policy',
        'Content-Disposition',
        'X-Result',
        'ETag',
      ]),
    );
  });

  it('declares that errors of a job name the job, and when to repeat a request', () => {
    const { responses } = postOf('compress-pdf');
    for (const status of [409, 413, 415, 422, 500, 504, 507])
      expect(responses[status]?.headers).toHaveProperty(['X-Job-Id']);
    for (const status of [400, 401, 429]) expect(responses[status]?.headers).not.toHaveProperty(['X-Job-Id']);
    for (const status of [429, 502, 503, 507]) expect(responses[status]?.headers).toHaveProperty(['Retry-After']);
    const { get } = document.paths['/api/jobs/{id}/result'];
    expect(get.responses).toMatchObject({ 416: { headers: { 'Content-Range': expect.anything() } } });
  });

  it('shows a finished job in the example of a webhook', () => {
    const { Webhook } = document.components.schemas;
    expect(Webhook).toMatchObject({ examples: [{ data: { status: 'succeeded', result: { pages: 1 } } }] });
  });

  it('describes the webhook and its option', () => {
    expect(document.webhooks['job.finished'].post.parameters.map(({ name }) => name)).toEqual([
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ]);
    expect(JSON.stringify(document.paths)).toContain('"callback_url"');
  });
});

describe('the docs page', () => {
  const page = renderDocs(OPERATIONS, { options, maxUploadBytes: 50_000_000 });

  it('names what to do for every error', () => {
    for (const [code, remedy] of Object.entries(REMEDIES)) {
      expect(page).toContain(`<code>${code}</code>`);
      expect(page).toContain(escapeHtml(remedy));
    }
  });

  it('lists the members of objects in parameters', () => {
    for (const path of ['items[].file', 'items[].pages', 'items[].password', 'metadata.title'])
      expect(page).toContain(`<td><code>${path}</code></td>`);
    expect(page).toContain('5-3 counts backwards');
  });

  it('lists the fields of a job with their values', () => {
    expect(page).toContain('<td><code>status</code></td><td>queued, active, succeeded, failed, cancelled</td>');
    expect(page).toContain('<td><code>operation</code></td><td>image-to-pdf, merge-pdf, compress-pdf</td>');
    expect(page).toContain('<td><code>progress.percent</code></td><td>0 to 100</td>');
    expect(page).toContain('<td><code>result</code></td><td>object or null</td>');
    expect(page).toContain('<td><code>result.sha256</code></td><td>string</td>');
    expect(page).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it('states the limits of the proxy that its configuration has', () => {
    const read = (path: string): string => readFileSync(new URL(`../../../../nginx/${path}`, import.meta.url), 'utf8');
    const [, rate] = /zone=requests:\w+ rate=(\d+)r\/s/.exec(read('templates/20-limits.conf.template')) ?? [];
    const [, burst] = /burst=(\d+)/.exec(read('snippets/limits-on.conf')) ?? [];
    const [, streams] = /streams (\d+)/.exec(read('snippets/streams-on.conf')) ?? [];
    expect([rate, burst, streams].map(Number)).toEqual([PROXY.perSecond, PROXY.burst, PROXY.streams]);
  });

  it('shows every operation and loads nothing from elsewhere', () => {
    for (const name of OPERATION_NAMES) expect(page).toContain(`POST /api/${name}`);
    expect(page).not.toMatch(/<script|src=|@import|url\(/);
  });
});
