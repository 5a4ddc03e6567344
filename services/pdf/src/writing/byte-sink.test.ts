import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FileSink } from './byte-sink.js';

const folder = mkdtempSync(join(tmpdir(), 'byte-sink-'));
const pathOf = (name: string) => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('FileSink', () => {
  it('takes no new memory for each of many small files', () => {
    const writeFile = (): void => {
      const sink = new FileSink(pathOf('small'));
      sink.text('small');
      sink.end();
    };
    writeFile();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 20; i++) writeFile();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('keeps the bytes of two open files apart', () => {
    new FileSink(pathOf('closed')).end();
    const [first, second] = [new FileSink(pathOf('first')), new FileSink(pathOf('second'))];
    first.text('one');
    second.text('two');
    first.discard();
    const third = new FileSink(pathOf('third'));
    third.text('three');
    second.end();
    third.end();
    expect(['first', 'second', 'third'].map((name) => readFileSync(pathOf(name), 'utf8'))).toEqual([
      '',
      'two',
      'three',
    ]);
  });

  it('closes its file once, because another file may have its number afterwards', () => {
    const first = new FileSink(pathOf('first'));
    first.end();
    const second = new FileSink(pathOf('second'));
    first.discard();
    second.text('two');
    second.end();
    expect(readFileSync(pathOf('second'), 'utf8')).toBe('two');
  });
});
