import { operations as built } from 'built:operations';

/** A JSON schema of one parameter, as far as the page uses it. */
export interface ParamSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly description?: string;
}

export interface FileFormat {
  readonly label: string;
  readonly mediaType: string;
  readonly extension: string;
}

/** One operation of the registry. */
export interface OperationInfo {
  readonly title: string;
  readonly summary: string;
  readonly field: 'file' | 'files';
  readonly maxFiles: number;
  readonly formats: readonly FileFormat[];
  readonly params: Readonly<Record<string, ParamSchema>>;
}

const operations = built as Readonly<Record<string, OperationInfo>>;

/** Parameters that the page sets by other means than a field, or that are useless in a page. */
const HIDDEN = new Set([
  'items',
  'order',
  'password',
  'async',
  'callback_url',
  'cancel_on_disconnect',
  'metadata',
  'rotate',
]);

/** Values that the page offers for a parameter whose schema allows any text. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  page_size: ['auto', 'A4', 'A3', 'A5', 'letter', 'legal'],
};

/** Returns the values of a parameter that is chosen from a list. */
export function choicesOf(operation: string, param: string): readonly string[] | undefined {
  return operationInfo(operation).params[param]?.enum ?? CHOICES[param];
}

/** Parameters that the page shows first. All others of an operation are under "More options". */
const COMMON: Readonly<Record<string, readonly string[]>> = {
  'merge-pdf': ['bookmarks', 'toc', 'output_name'],
  'compress-pdf': ['level', 'color_mode', 'target_size'],
  'image-to-pdf': ['page_size', 'orientation', 'output_name'],
};

/** Names in the order of the tabs. An operation that is not listed comes last. */
const ORDER = ['merge-pdf', 'compress-pdf', 'image-to-pdf'];

const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

export const operationNames: readonly string[] = Object.keys(operations).sort((a, b) => rank(a) - rank(b));

/** Returns an operation. Throws if the registry does not have it. */
export function operationInfo(name: string): OperationInfo {
  const info = operations[name];
  if (!info) throw new Error(`unknown operation ${name}`);
  return info;
}

export interface OptionGroups {
  readonly common: readonly string[];
  readonly more: readonly string[];
}

/** Returns the names of the parameters that have a field, in two groups. */
export function optionGroups(name: string): OptionGroups {
  const names = Object.keys(operationInfo(name).params).filter((param) => !HIDDEN.has(param));
  const common = (COMMON[name] ?? []).filter((param) => names.includes(param));
  return { common, more: names.filter((param) => !common.includes(param)) };
}

/** Whether the operation takes items, which choose pages and rotate them. */
export function takesItems(name: string): boolean {
  return 'items' in operationInfo(name).params;
}

/** Whether the operation rotates each file. Items have a rotation of their own. */
export function canRotate(name: string): boolean {
  return takesItems(name) || 'rotate' in operationInfo(name).params;
}

/** Whether the page starts a job for each file, because each file has a result of its own. */
export function isPerFile(name: string): boolean {
  return operationInfo(name).field === 'file';
}

/** Returns the format of a file by its media type or extension. The server checks the content. */
export function formatOf(name: string, file: File): FileFormat | undefined {
  const extension = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const spelled = ALIASES[extension] ?? extension;
  return operationInfo(name).formats.find((format) => format.mediaType === file.type || format.extension === spelled);
}

const ALIASES: Readonly<Record<string, string>> = { jpeg: 'jpg', jpe: 'jpg', jfif: 'jpg', tiff: 'tif' };

/** Returns the `accept` attribute of a file input. */
export function acceptOf(name: string): string {
  return operationInfo(name)
    .formats.flatMap(({ mediaType, extension }) => [mediaType, `.${extension}`])
    .join(',');
}
