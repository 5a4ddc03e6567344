import type { Example } from './examples.js';

/** Returns text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Returns a table whose cells are HTML. Wide tables scroll on their own, also by keyboard. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = (tag: string, row: readonly string[]): string => row.map((cell) => `<${tag}>${cell}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('');
  return `<div class="scroll" tabindex="0"><table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Returns examples with a heading each. `name` identifies them for the test that runs them. */
export function examples(name: string, list: readonly Example[]): string {
  return list
    .map(
      ({ language, code }) =>
        `<h3>${language}</h3>\n<pre tabindex="0" data-example="${escapeHtml(name)}" data-language="${language}">` +
        `${escapeHtml(code.trimEnd())}\n</pre>`,
    )
    .join('\n');
}
