import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { integer, secretText } from './params.js';
import { joinSecrets, secretNames, splitSecrets } from './secrets.js';

const schema = z.object({
  dpi: integer({ min: 1, max: 9, default: 5, description: '' }),
  password: secretText({ description: 'Opens the file' }),
  items: z
    .preprocess(
      (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value),
      z.array(z.object({ file: z.int(), password: secretText({ description: '' }), note: z.string().nullish() })),
    )
    .default([]),
});

const GIVEN = {
  password: 'outer',
  items: '[{"file":0,"password":"inner"},{"file":1,"note":"open"},{"file":2,"password":"last"}]',
};

describe('splitSecrets', () => {
  it('takes secrets out at every depth, and they fit back in', () => {
    const params = schema.parse(GIVEN);
    const { open, secrets } = splitSecrets(schema, params);
    expect(open).toEqual({ dpi: 5, items: [{ file: 0 }, { file: 1, note: 'open', password: '' }, { file: 2 }] });
    expect(secrets).toEqual([
      { path: ['password'], value: 'outer' },
      { path: ['items', 0, 'password'], value: 'inner' },
      { path: ['items', 2, 'password'], value: 'last' },
    ]);
    expect(joinSecrets(open, secrets)).toEqual(params);
    // As they come back from the record and from the file.
    const stored = JSON.parse(JSON.stringify({ open, secrets })) as { open: typeof open; secrets: typeof secrets };
    expect(schema.parse(joinSecrets(stored.open, stored.secrets))).toEqual(params);
  });

  it('changes nothing if no secret is given', () => {
    const params = schema.parse({ items: '[{"file":0}]' });
    expect(splitSecrets(schema, params)).toEqual({ open: params, secrets: [] });
  });

  it('finds one behind an alternative', () => {
    const either = z.object({ key: z.union([z.object({ secret: secretText({ description: '' }) }), z.string()]) });
    expect(splitSecrets(either, { key: { secret: 'x' } }).open).toEqual({ key: {} });
    expect(splitSecrets(either, { key: 'x' }).open).toEqual({ key: 'x' });
  });

  it('does not change the parameters that it gets', () => {
    const params = schema.parse(GIVEN);
    splitSecrets(schema, params);
    expect(params.password).toBe('outer');
  });
});

describe('joinSecrets', () => {
  it('leaves out what has no place, and touches no prototype', () => {
    const secrets = [
      { path: ['items', 7, 'password'], value: 'x' },
      { path: ['__proto__', 'polluted'], value: 'x' },
      { path: [], value: 'x' },
    ];
    expect(joinSecrets({ items: [] }, secrets)).toEqual({ items: [] });
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('secretNames', () => {
  it('names the parameters that are secret as a whole', () => {
    expect(secretNames(schema)).toEqual(['password']);
  });
});
