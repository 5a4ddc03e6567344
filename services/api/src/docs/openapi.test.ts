import { describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, OPERATIONS } from '@pdf-tools/operations/registry';
import { Validator } from '@seriousme/openapi-schema-validator';
import { callOptions } from '../jobs/params.js';
import { openApiDocument } from './openapi.js';
import { renderDocs } from './page.js';

const options = callOptions(3_600);
const document = openApiDocument(OPERATIONS, { version: '1.2.3', options });

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
  const page = renderDocs(OPERATIONS, options);

  it('shows every operation and loads nothing from elsewhere', () => {
    for (const name of OPERATION_NAMES) expect(page).toContain(`POST /api/${name}`);
    expect(page).not.toMatch(/<script|src=|@import|url\(/);
  });
});
