import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { drain } from './drain.js';

describe('drain', () => {
  it('gives the pieces as they came, also those that gathered meanwhile', async () => {
    const stream = new PassThrough();
    const pieces = [randomBytes(10), randomBytes(20), randomBytes(30)];
    for (const piece of pieces) stream.write(piece);
    stream.end();
    const taken: Buffer[] = [];
    await drain(stream, async (piece) => {
      taken.push(piece);
      await new Promise(setImmediate);
    });
    expect(taken).toEqual(pieces);
  });

  it('throws what the stream does, and what is thrown over a piece', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('cut off'));
      },
    });
    await expect(drain(broken, () => Promise.resolve())).rejects.toThrow('cut off');
    const whole = Readable.from([randomBytes(1)]);
    await expect(drain(whole, () => Promise.reject(new Error('too large')))).rejects.toThrow('too large');
  });

  it('rejects if the stream was destroyed before, with or without an error', async () => {
    const broken = new PassThrough().on('error', () => undefined);
    broken.destroy(new Error('cut off'));
    await expect(drain(broken, () => Promise.resolve())).rejects.toThrow('cut off');
    await expect(drain(new PassThrough().destroy(), () => Promise.resolve())).rejects.toThrow('Premature close');
  });

  it('waits for the piece that is being taken when the stream breaks', async () => {
    const stream = new PassThrough();
    stream.write(randomBytes(1));
    let hasTaken = false;
    const drained = drain(stream, async () => {
      stream.destroy(new Error('cut off'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      hasTaken = true;
    });
    await expect(drained).rejects.toThrow('cut off');
    expect(hasTaken).toBe(true);
  });
});
