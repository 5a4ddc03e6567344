import { describe, expect, it } from '@jest/globals';
import { FrameReader, ProtocolError, encodeFrame } from './framing.js';

const MAX_BYTES = 1_000;

function read(...chunks: readonly Uint8Array[]): unknown[] {
  const messages: unknown[] = [];
  const reader = new FrameReader(MAX_BYTES, (message) => messages.push(message));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return messages;
}

describe('FrameReader', () => {
  const messages = [{ a: 1 }, 'x'.repeat(MAX_BYTES - 2), [null, 'ä']];
  const bytes = Buffer.concat(messages.map(encodeFrame));

  it('reads messages in one piece', () => {
    expect(read(bytes)).toEqual(messages);
  });

  it('reads messages in pieces of any size', () => {
    for (const size of [1, 3, 5, 999]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_none, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      expect(read(...pieces)).toEqual(messages);
    }
  });

  it('refuses a longer frame when it has its header, before its text', () => {
    expect(() => read(encodeFrame('x'.repeat(MAX_BYTES - 1)).subarray(0, 4))).toThrow(ProtocolError);
    expect(() => read(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(ProtocolError);
  });

  it('refuses an empty frame and a text that is not JSON', () => {
    expect(() => read(Buffer.from([0, 0, 0, 0]))).toThrow(ProtocolError);
    expect(() => read(Buffer.from([0, 0, 0, 1, 0x7b]))).toThrow(ProtocolError);
  });
});
