import { describe, expect, it } from '@jest/globals';
import { parsePrefer } from './prefer.js';

describe('parsePrefer', () => {
  it.each([
    [undefined, { respondAsync: false, wait: undefined }],
    ['respond-async', { respondAsync: true, wait: undefined }],
    ['Respond-Async, wait=10', { respondAsync: true, wait: 10 }],
    ['wait="5"; foo', { respondAsync: false, wait: 5 }],
    ['wait=1, wait=2', { respondAsync: false, wait: 1 }],
    ['wait=-1', { respondAsync: false, wait: undefined }],
    ['wait=99999999999', { respondAsync: false, wait: undefined }],
    ['return=minimal', { respondAsync: false, wait: undefined }],
    [['wait=3', 'respond-async'], { respondAsync: true, wait: 3 }],
  ])('reads %j', (header, preferences) => {
    expect(parsePrefer(header)).toEqual(preferences);
  });
});
