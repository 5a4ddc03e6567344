import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { ask } from '../corpus/readers.js';
import { jpeg } from '@pdf-tools/harness/samples';

const PASSWORD = 'pass wörd';
const PDFJS_TEXT = fileURLToPath(new URL('./pdfjs-text.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-password-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function encrypted(name: keyof typeof OPERATIONS): Promise<string> {
  const file =
    name === 'image-to-pdf' ? (['a.jpg', await jpeg()] as const) : (['a.pdf', pagesPdf('SECRET', 2)] as const);
  const { bytes } = await produce(OPERATIONS[name], [file], { params: { output_password: PASSWORD } });
  const path = join(folder, `${name}.pdf`);
  await writeFile(path, bytes);
  return path;
}

describe.each(['merge-pdf', 'compress-pdf', 'image-to-pdf'] as const)('a result of %s with a password', (name) => {
  const text = name === 'image-to-pdf' ? '' : 'SECRET 1';

  it('is well-formed for qpdf, which needs the password', async () => {
    const path = await encrypted(name);
    expect((await ask('qpdf', ['--check', path])).status).toBe(2);
    expect(await ask('qpdf', [`--password=${PASSWORD}`, '--check', path])).toMatchObject({ status: 0 });
    const { text: encryption } = await ask('qpdf', [`--password=${PASSWORD}`, '--show-encryption', path]);
    expect(encryption).toContain('R = 6');
    expect(encryption).toContain('stream encryption method: AESv3');
    expect(encryption).toContain('modify anything: allowed');
  });

  it.each(['-upw', '-opw'])('is read by poppler with it as %s', async (option) => {
    const path = await encrypted(name);
    expect((await ask('pdftotext', [path, '-'])).text).toContain('Incorrect password');
    const { status, text: read } = await ask('pdftotext', [option, PASSWORD, path, '-']);
    expect(status).toBe(0);
    expect(read).toContain(text);
  });

  it('is read by pdf.js with it', async () => {
    const path = await encrypted(name);
    const read = promisify(execFile);
    await expect(read(process.execPath, [PDFJS_TEXT, path, 'wrong'])).rejects.toThrow('Incorrect Password');
    const { stdout } = await read(process.execPath, [PDFJS_TEXT, path, PASSWORD]);
    expect(stdout).toContain(text);
  });
});
