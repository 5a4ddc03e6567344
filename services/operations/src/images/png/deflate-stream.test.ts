import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { DeflateStream } from './deflate-stream.js';

describe('DeflateStream', () => {
  it('deflates data that come in parts', async () => {
    const stream = new DeflateStream(5);
    await stream.write(Buffer.from('first '));
    await stream.write(Buffer.from('second'));
    expect(inflateSync(Buffer.concat(await stream.end())).toString()).toBe('first second');
  });

  it('rejects when zlib fails, and leaves no uncaught error', async () => {
    const stream = new DeflateStream(5);
    await stream.end();
    await expect(stream.write(Buffer.from('late'))).rejects.toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
    await expect(stream.end()).rejects.toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
  });
});
