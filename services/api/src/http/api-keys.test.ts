import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { ApiKeys } from './api-keys.js';

const showing = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;
const keys = new ApiKeys(['shop:s3cret', 'lab:with:colon']);

describe('ApiKeys', () => {
  it('knows keys in both headers by their names', () => {
    expect(keys.identify(showing({ authorization: 'Bearer s3cret' }))).toBe('shop');
    expect(keys.identify(showing({ 'x-api-key': 'with:colon' }))).toBe('lab');
  });

  it.each([{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic s3cret' }, { 'x-api-key': '' }])(
    'refuses %j',
    (headers: Record<string, string>) => {
      expect(keys.identify(showing(headers))).toBeUndefined();
    },
  );

  it('asks for nothing where no key is configured', () => {
    expect(new ApiKeys([]).identify(showing({}))).toBe('');
  });

  it('names a bad item by its position and not by its text', () => {
    expect(() => new ApiKeys(['shop:a', 'hidden'])).toThrow(/item 2/);
    expect(() => new ApiKeys(['hidden'])).not.toThrow(/hidden/);
  });
});
