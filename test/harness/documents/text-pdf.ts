/** A hand-written document with its objects by number. Number 1 is the catalog. For unit tests. */
export function textPdf(objects: Readonly<Record<number, string>>): Buffer {
  let text = '%PDF-1.7\n';
  let rows = '';
  for (const [num, body] of Object.entries(objects)) {
    rows += `${num} 1\n${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${num} 0 obj\n${body}\nendobj\n`;
  }
  const size = Math.max(...Object.keys(objects).map(Number)) + 1;
  const xref = `xref\n0 1\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\n`;
  return Buffer.from(`${text}${xref}startxref\n${text.length}\n%%EOF\n`, 'latin1');
}

/** A stream with these bytes and dictionary entries, as the body of an object. */
export function textStream(data: string, entries = ''): string {
  return `<< ${entries} /Length ${data.length} >>\nstream\n${data}\nendstream`;
}
