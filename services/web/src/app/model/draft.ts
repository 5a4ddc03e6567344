import { computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { ErrorItem } from '../api/types.js';
import { move } from './list.js';
import { formatOf, isPerFile, operationInfo, operationNames } from './operation.js';
import { turn } from './ranges.js';
import type { Rotation } from './ranges.js';

/** One use of a file. The same file may have several entries. */
export interface Entry {
  readonly id: number;
  readonly file: File;
  readonly rotate: Rotation;
  readonly password: string;
  /** Whether the file asks for a password. */
  readonly locked: boolean;
  /** Pages of a PDF, once it has been read. */
  readonly pages?: number | undefined;
  readonly problem?: EntryProblem | undefined;
}

export interface EntryProblem {
  readonly code: string;
  readonly item?: ErrorItem | undefined;
}

/** One page of the result, in the view of pages. Without `page` it stands for all pages of the entry. */
export interface PageTile {
  readonly id: number;
  readonly entry: Entry;
  readonly page?: number | undefined;
  readonly rotate: Rotation;
}

let lastId = 0;

/** Returns a number that identifies an entry or a tile. */
export function nextId(): number {
  lastId += 1;
  return lastId;
}

export type Notice =
  | { readonly kind: 'refused'; readonly names: readonly string[] }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'problem'; readonly code: string; readonly detail: string; readonly requestId: string };

/** What the person prepares for one operation: files, options and pages. */
export class Draft {
  readonly entries: Signal<readonly Entry[]> = signal([]);
  /** Values of the options as text, by parameter. Options without a value keep their default. */
  readonly values: Signal<Readonly<Record<string, string>>> = signal({});
  /** What the server says about options, by parameter. */
  readonly optionProblems: Signal<Readonly<Record<string, ErrorItem>>> = signal({});
  readonly notice: Signal<Notice | undefined> = signal(undefined);
  readonly view: Signal<'files' | 'pages'> = signal('files');
  readonly tiles: Signal<readonly PageTile[]> = signal([]);
  readonly totalBytes: ReadonlySignal<number> = computed(() =>
    this.files.value.reduce((sum, { size }) => sum + size, 0),
  );
  /** Each file once, in the order of the first entry. */
  readonly files: ReadonlySignal<readonly File[]> = computed(() => [
    ...new Set(this.entries.value.map(({ file }) => file)),
  ]);

  constructor(readonly operation: string) {}

  /** Adds files, except those whose format the operation does not accept. Returns the number of added files. */
  add(files: readonly File[]): number {
    const accepted = files.filter((file) => formatOf(this.operation, file));
    const refused = files.filter((file) => !accepted.includes(file));
    const { maxFiles } = operationInfo(this.operation);
    const room = isPerFile(this.operation) ? Infinity : maxFiles - this.entries.value.length;
    const added = accepted.slice(0, Math.max(0, room));
    if (refused.length > 0) this.notice.value = { kind: 'refused', names: refused.map(({ name }) => name) };
    else this.notice.value = added.length < accepted.length ? { kind: 'too-many' } : undefined;
    const entries = added.map((file) => ({ id: nextId(), file, rotate: 0, password: '', locked: false }) as const);
    this.entries.value = [...this.entries.value, ...entries];
    return added.length;
  }

  /** Changes one entry, in the pages too. A change removes its problem. */
  change(id: number, changes: Partial<Omit<Entry, 'id' | 'file'>>): void {
    const changed = (entry: Entry): Entry => (entry.id === id ? { ...entry, problem: undefined, ...changes } : entry);
    this.entries.value = this.entries.value.map(changed);
    this.tiles.value = this.tiles.value.map((tile) => ({ ...tile, entry: changed(tile.entry) }));
  }

  /** Sets the password of a file, for all its entries. */
  unlock(file: File, password: string): void {
    for (const entry of this.entries.value) if (entry.file === file) this.change(entry.id, { password, locked: true });
  }

  remove(id: number): void {
    this.entries.value = this.entries.value.filter((entry) => entry.id !== id);
    this.tiles.value = this.tiles.value.filter(({ entry }) => entry.id !== id);
  }

  duplicate(id: number): void {
    this.entries.value = this.entries.value.flatMap((entry) =>
      entry.id === id ? [entry, { ...entry, id: nextId() }] : [entry],
    );
  }

  rotate(id: number): void {
    const entry = this.entries.value.find((other) => other.id === id);
    if (entry) this.change(id, { rotate: turn(entry.rotate, 90) });
  }

  move(from: number, to: number): void {
    this.entries.value = move(this.entries.value, from, to);
  }

  sort(by: 'name' | 'date'): void {
    const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    this.entries.value = [...this.entries.value].sort((a, b) =>
      by === 'name' ? byName.compare(a.file.name, b.file.name) : a.file.lastModified - b.file.lastModified,
    );
  }

  clear(): void {
    this.entries.value = [];
    this.tiles.value = [];
    this.notice.value = undefined;
    this.view.value = 'files';
  }

  setOption(param: string, value: string): void {
    this.values.value = { ...this.values.value, [param]: value };
    this.optionProblems.value = Object.fromEntries(
      Object.entries(this.optionProblems.value).filter(([name]) => name !== param),
    );
  }
}

const drafts = new Map(operationNames.map((name) => [name, new Draft(name)]));

/** Returns the draft of an operation. */
export function draftOf(operation: string): Draft {
  const draft = drafts.get(operation);
  if (!draft) throw new Error(`unknown operation ${operation}`);
  return draft;
}

function operationInAddress(): string | undefined {
  const name = location.hash.slice(1);
  return operationNames.find((operation) => operation === name);
}

/** The operation whose tab is open. */
export const currentOperation = signal(operationInAddress() ?? operationNames[0] ?? '');

/** Opens the tab of an operation, which the address names. */
export function openOperation(name: string): void {
  currentOperation.value = name;
  history.replaceState(undefined, '', `#${name}`);
}

addEventListener('hashchange', () => {
  const name = operationInAddress();
  if (name !== undefined) currentOperation.value = name;
});
