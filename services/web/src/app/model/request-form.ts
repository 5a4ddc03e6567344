import type { Draft, Entry } from './draft.js';
import { isPerFile, operationInfo, takesItems } from './operation.js';
import { toItems } from './ranges.js';
import type { PlannedPage } from './ranges.js';

/** One request that the page sends for a draft. */
export interface JobRequest {
  readonly operation: string;
  readonly files: readonly File[];
  /** Entries that the request uses, so that an error can be shown at one of them. */
  readonly entries: readonly Entry[];
  readonly params: Readonly<Record<string, string>>;
}

/** Returns the requests for a draft: one, or one for each file if the operation takes one file. */
export function requestsOf(draft: Draft, resultName: (file: File) => string): JobRequest[] {
  const { operation } = draft;
  const entries = draft.entries.value;
  const params = givenOptions(draft);
  if (isPerFile(operation)) {
    return entries.map((entry) => ({
      operation,
      files: [entry.file],
      entries: [entry],
      params: {
        output_name: resultName(entry.file),
        ...(entry.password !== '' && { password: entry.password }),
        ...params,
      },
    }));
  }
  const files = filesOf(draft);
  if (!takesItems(operation)) return [{ operation, files, entries, params: { ...params, ...rotations(entries) } }];
  const items = toItems(plannedPages(draft, files));
  const isPlain = items.length === files.length && items.every((item) => Object.keys(item).length === 1);
  return [{ operation, files, entries, params: { ...params, ...(!isPlain && { items: JSON.stringify(items) }) } }];
}

/** A rotation for each file, if any is rotated. */
function rotations(entries: readonly Entry[]): Record<string, string> {
  const degrees = entries.map(({ rotate }) => rotate);
  return degrees.some((rotate) => rotate !== 0) ? { rotate: degrees.join() } : {};
}

/** Each file once. An operation without items gets a file as often as it is used. */
function filesOf({ operation, entries, tiles, view }: Draft): readonly File[] {
  if (!takesItems(operation)) return entries.value.map(({ file }) => file);
  const used = view.value === 'pages' ? tiles.value.map(({ entry }) => entry) : entries.value;
  return [...new Set(used.map(({ file }) => file))];
}

function plannedPages({ view, tiles, entries }: Draft, files: readonly File[]): PlannedPage[] {
  const planned = (entry: Entry, page: number | undefined, rotate: Entry['rotate']): PlannedPage => ({
    file: files.indexOf(entry.file),
    page,
    rotate,
    password: entry.password,
  });
  if (view.value === 'files') return entries.value.map((entry) => planned(entry, undefined, entry.rotate));
  return tiles.value.map(({ entry, page, rotate }) => planned(entry, page, rotate));
}

/** The options that differ from their default. */
function givenOptions({ operation, values }: Draft): Record<string, string> {
  const { params } = operationInfo(operation);
  const given = Object.entries(values.value).filter(([param, value]) => {
    const fallback = params[param]?.default;
    return value !== '' && value !== (fallback === undefined ? '' : String(fallback));
  });
  return Object.fromEntries(given);
}

/** Returns the multipart form of a request. */
export function formOf({ operation, files, params }: JobRequest): FormData {
  const form = new FormData();
  // Parameters come first, so that the server can refuse bad ones before it has received the files.
  for (const [name, value] of Object.entries(params)) form.append(name, value);
  for (const file of files) form.append(operationInfo(operation).field, file, file.name);
  return form;
}
