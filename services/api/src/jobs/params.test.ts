import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { AppError } from '@pdf-tools/runtime/errors';
import { webhookPolicy } from '@pdf-tools/jobs/webhook-config';
import { secretText } from '@pdf-tools/operations/params';
import { z } from 'zod';
import { callOptions, checkQuery, readParams } from './params.js';

const compress = OPERATIONS['compress-pdf'];
const options = callOptions(3_600);

function read(fields: Record<string, unknown>, query: Record<string, unknown> = {}) {
  return readParams(compress, options, {
    fields: new Map(Object.entries(fields)),
    query: new Map(Object.entries(query)),
  });
}

function fault(fields: Record<string, unknown>, query: Record<string, unknown> = {}): AppError {
  try {
    read(fields, query);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('secret parameters', () => {
  const operation = { params: z.object({ password: secretText({ description: 'Opens the file' }) }) };
  const readSecret = (fields: Record<string, unknown>, query: Record<string, unknown> = {}) =>
    readParams(operation, options, { fields: new Map(Object.entries(fields)), query: new Map(Object.entries(query)) });

  it('come apart from the others', () => {
    const { params, secrets } = readSecret({ password: 'swordfish' });
    expect(params).toEqual({});
    expect(secrets).toEqual([{ path: ['password'], value: 'swordfish' }]);
  });

  it('are refused in an address, without being quoted', () => {
    const attempt = () => readSecret({}, { password: 'swordfish' });
    expect(attempt).toThrow(expect.objectContaining({ code: 'invalid_params' }));
    expect(attempt).not.toThrow('swordfish');
    expect(() => readSecret({ password: 'x'.repeat(1_001) })).toThrow('at most 1000');
  });
});

describe('readParams', () => {
  it('fills in the defaults', () => {
    const { params, options: chosen } = read({});
    expect(params).toMatchObject({
      dpi: 144,
      image_quality: 75,
      color_mode: 'no-change',
      on_signed: 'keep',
      dry_run: false,
    });
    expect(chosen).toMatchObject({ async: false, retain: 3_600, cancel_on_disconnect: false });
  });

  it('reads fields and the query, and a field wins', () => {
    expect(read({ dpi: '100' }, { dpi: '200', image_quality: '50', async: '1' })).toMatchObject({
      params: { dpi: 100, image_quality: 50 },
      options: { async: true },
    });
  });

  it.each([
    ['dpu', 'did you mean "dpi"?'],
    ['image_qualty', 'did you mean "image_quality"?'],
    ['asynch', 'did you mean "async"?'],
    ['utm_source', 'is not a parameter; parameters are: dpi'],
  ])('refuses the unknown query parameter %s with the nearest name', (name, message) => {
    const query = new Map([[name, '1']]);
    const refusal = expect.objectContaining({
      code: 'invalid_params',
      errors: [{ param: name, message: expect.stringContaining(message) }],
    });
    expect(() => read({}, Object.fromEntries(query))).toThrow(refusal);
    expect(() => {
      checkQuery(compress, options, query);
    }).toThrow(refusal);
  });

  it('names every bad value with the valid ones', () => {
    const { code, errors } = fault({ dpi: '0', color_mode: 'plaid', retain: '999999' });
    expect(code).toBe('invalid_params');
    expect(errors.map(({ param }) => param)).toEqual(['dpi', 'color_mode', 'retain']);
    expect(errors[1]?.message).toContain('no-change, grayscale, bitonal');
    expect(errors.map(({ limit }) => limit)).toEqual([36, undefined, 3_600]);
  });

  it.each(['note', '__proto__', 'toString', 'constructor'])('refuses the unknown field %s by name', (name) => {
    const { errors } = fault(Object.fromEntries([[name, 'x']]));
    expect(errors.map(({ param }) => param)).toEqual([name]);
    expect(errors[0]?.message).toContain('image_quality');
  });

  it('refuses a parameter that is given twice', () => {
    expect(fault({ dpi: ['1', '2'] }).errors[0]).toMatchObject({ param: 'dpi', message: 'must be given once' });
  });
});

describe('callback_url', () => {
  const policy = webhookPolicy({ WEBHOOK_ALLOW_HTTP: false, WEBHOOK_ALLOWED_HOSTS: '', WEBHOOK_PORTS: '' });
  const give = (callback_url: string, schema = callOptions(3_600, policy)) =>
    readParams(compress, schema, { fields: new Map([['callback_url', callback_url]]), query: new Map() });

  it('is none unless given', () => {
    expect(read({}).options.callback_url).toBe('');
    expect(give('').options.callback_url).toBe('');
    expect(give('https://example.com/x').options.callback_url).toBe('https://example.com/x');
  });

  it.each(['nonsense', 'http://example.com/', 'https://a:b@example.com/', 'https://0x7f.1/', 'https://[::1]/'])(
    'is refused by name if nothing can be sent to it: %s',
    (url) => {
      expect(() => give(url)).toThrow(/^invalid_params: callback_url must /);
    },
  );

  it('is refused by a server that sends no webhooks', () => {
    expect(() => give('https://example.com/', options)).toThrow('callback_url cannot be given');
  });
});

describe('items', () => {
  const merge = OPERATIONS['merge-pdf'];
  const fault = (items: unknown): unknown => {
    try {
      return readParams(merge, options, { fields: new Map([['items', JSON.stringify(items)]]), query: new Map() });
    } catch (error) {
      return error;
    }
  };

  it.each([
    [[{ file: 0 }, { file: 0, title: 't'.repeat(1_001) }], 'items[1].title must have at most 1000 characters.'],
    [[{ file: 0, pages: '1,'.repeat(5_001) }], 'items[0].pages must have at most 10000 characters.'],
    [Array.from({ length: 2_001 }, () => ({ file: 0 })), 'items must have at most 2000 entries.'],
  ])('over a limit are refused with the entry and the limit', (items, detail) => {
    const limit = Number(/\d{4,}/.exec(detail)?.[0]);
    expect(fault(items)).toMatchObject({ code: 'invalid_params', detail, errors: [{ limit }] });
  });

  it.each<[unknown, string]>([
    [[{}], 'items[0].file must be the position of a file in the request, from 0.'],
    [[{ file: -1 }], 'items[0].file must be the position of a file in the request, from 0.'],
    [[{ file: 0, rotate: 45 }], 'items[0].rotate must be a multiple of 90 from -90 to 270.'],
    [[{ file: 0, pages: 3 }], 'items[0].pages must be text.'],
    [[{ file: 0, title: '' }], 'items[0].title must not be empty.'],
    [[{ file: 0, page: '1' }], 'items[0] must not have "page".'],
    [['a.pdf'], 'items[0] must be an object.'],
    [{ file: 0 }, 'items must be a list.'],
    [7, 'items must be a list.'],
  ])('%j are refused in plain words', (items, detail) => {
    expect(fault(items)).toMatchObject({ code: 'invalid_params', detail });
  });
});
