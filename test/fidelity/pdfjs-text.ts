/** Main of a process that opens the PDF file of its first argument with the password of its second, and writes its text. */
import { readFile } from 'node:fs/promises';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

const [path = '', password = ''] = process.argv.slice(2);
const data = new Uint8Array(await readFile(path));
const task = getDocument({ data, password, verbosity: 0, useSystemFonts: false, isEvalSupported: false });
const reader = await task.promise;
for (let number = 1; number <= reader.numPages; number++) {
  const { items } = await (await reader.getPage(number)).getTextContent();
  process.stdout.write(`${items.map((item) => ('str' in item ? item.str : '')).join(' ')}\n`);
}
await task.destroy();
