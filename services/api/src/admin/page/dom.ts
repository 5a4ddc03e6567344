/** Returns the element with this id of the page's HTML. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/** Creates an element with text or children. Nothing is parsed as HTML, so untrusted text stays text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (string | Node)[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

export type Cell = string | HTMLElement;

const shown = new WeakMap<HTMLElement, string>();

/**
 * Fills a section with a table, or with `empty` if there are no rows. Does nothing if the rows have not changed, so that
 * focus and selection stay. On narrow screens rows look like cards (style.ts), so the roles of a table are explicit.
 */
export function fillTable(
  id: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  empty: string,
): void {
  const section = byId(id);
  const text = JSON.stringify(rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.outerHTML))));
  if (shown.get(section) === text) return;
  shown.set(section, text);
  if (rows.length === 0) {
    section.replaceChildren(element('p', { class: 'none' }, empty));
    return;
  }
  const titles = head.map((title) => element('th', { scope: 'col', role: 'columnheader' }, title));
  const lines = rows.map((row) =>
    element(
      'tr',
      { role: 'row' },
      ...row.map((cell, i) => element('td', { role: 'cell', 'data-title': head[i] ?? '' }, cell)),
    ),
  );
  section.replaceChildren(
    element(
      'table',
      { role: 'table', 'aria-labelledby': `${id}-title` },
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...titles)),
      element('tbody', { role: 'rowgroup' }, ...lines),
    ),
  );
}
