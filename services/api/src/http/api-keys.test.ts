import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { apiKeysFile } from '../config.js';
import { ApiKeys } from './api-keys.js';

const showing = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const keys = new ApiKeys([
  'shop:s3cret',
  'lab:with:colon',
  `shop:sha256:${sha256('next')}`,
  `small:sha256:${sha256('tiny')};rate=5;upload=1000`,
]);
const nameOf = (headers: Record<string, string>) => keys.identify(showing(headers))?.name;

describe('ApiKeys', () => {
  it('accepts a key in either header, and returns its name', () => {
    expect(nameOf({ authorization: 'Bearer s3cret' })).toBe('shop');
    expect(nameOf({ 'x-api-key': 'with:colon' })).toBe('lab');
  });

  it('accepts a second key of the same name, given as its hash', () => {
    expect(nameOf({ 'x-api-key': 'next' })).toBe('shop');
  });

  it('returns the limits of a key', () => {
    expect(keys.identify(showing({ 'x-api-key': 'tiny' }))?.limits).toEqual({ rate: 5, maxUploadBytes: 1000 });
    expect(keys.identify(showing({ 'x-api-key': 'next' }))?.limits).toEqual({});
  });

  it.each([
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic s3cret' },
    { 'x-api-key': '' },
    { 'x-api-key': sha256('next') },
    { 'x-api-key': `sha256:${sha256('next')}` },
  ])('refuses %j', (headers: Record<string, string>) => {
    expect(nameOf(headers)).toBeUndefined();
  });

  it('accepts every caller when no key is configured', () => {
    expect(new ApiKeys([]).identify(showing({}))?.name).toBe('');
  });

  it('names a bad item by its position, not by its text', () => {
    expect(() => new ApiKeys(['shop:a', 'hidden'])).toThrow(/item 2/);
    expect(() => new ApiKeys(['hidden'])).not.toThrow(/hidden/);
  });

  it.each(['a:', ':a', 'a b:c', 'a:sha256:abc', 'a:key;rate=0', 'a:key;upload=0'])('rejects the item %j', (item) => {
    expect(() => new ApiKeys([item])).toThrow(/item 1/);
  });

  it('follows the key file only if the environment holds no keys', () => {
    expect(apiKeysFile({ API_KEYS: '', API_KEYS_FILE: '/keys' })).toBe('/keys');
    expect(apiKeysFile({ API_KEYS: 'shop:key', API_KEYS_FILE: '/keys' })).toBe('');
    expect(apiKeysFile({})).toBe('');
  });
});
