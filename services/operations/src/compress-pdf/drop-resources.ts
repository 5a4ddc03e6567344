import { NO_OBJECT, PdfDict, PdfStream } from '@pdf-tools/pdf';
import type { Category, ContentUse, SourceObjectNumber, UsedNames } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';

/** Categories whose names only operators of content use. Images also use names of colour spaces. */
const CATEGORIES: readonly Category[] = ['XObject', 'Font', 'ExtGState', 'Pattern', 'Shading', 'Properties'];

/** Documents whose content uses more resource dictionaries than this keep them whole. Ordinary ones use few per page. */
const MAX_USERS = 100_000;

type Resources = ContentUse['resources'][number];

/** The dictionary of a category, and the names that all its users use. Undefined if a user is not understood. */
interface Holding {
  readonly category: Category;
  readonly num: SourceObjectNumber;
  readonly dict: PdfDict;
  /** Resource dictionaries that contain it. */
  readonly resources: Set<Resources>;
  names: Set<UsedNames> | undefined;
}

interface Options {
  readonly changes: Changes;
  readonly names: ReadonlyMap<ContentUse, UsedNames>;
  /** Whether other objects than those of known resources refer to an object. */
  readonly isReferredTo: (num: SourceObjectNumber) => boolean;
}

/** Removes resources that no content uses by name. Returns how many. */
export function dropResources(contents: readonly ContentUse[], { changes, names, isReferredTo }: Options): number {
  const users = contents.reduce((sum, { resources }) => sum + resources.length, 0);
  if (users > MAX_USERS) return 0;
  let dropped = 0;
  for (const holding of holdingsOf(contents, names)) {
    const used = [...holding.dict].filter(([name]) => isUsed(holding, name));
    const count = holding.dict.size - used.length;
    if (count === 0) continue;
    const isReplaced = isReferredTo(holding.num)
      ? false
      : replace(holding, new PdfDict(used), { changes, isReferredTo });
    if (isReplaced) dropped += count;
  }
  return dropped;
}

function holdingsOf(contents: readonly ContentUse[], names: ReadonlyMap<ContentUse, UsedNames>): Iterable<Holding> {
  const holdings = new Map<string, Holding>();
  for (const content of contents) {
    for (const resources of content.resources)
      for (const category of CATEGORIES) addUser(holdings, resources, category, names.get(content));
  }
  return holdings.values();
}

function addUser(
  holdings: Map<string, Holding>,
  resources: Resources,
  category: Category,
  names: UsedNames | undefined,
): void {
  const holder = resources.holder(category);
  if (!holder) return;
  const holding = holdings.get(holder.id) ?? { ...holder, category, resources: new Set<Resources>(), names: new Set() };
  holdings.set(holder.id, holding);
  holding.resources.add(resources);
  if (!names) holding.names = undefined;
  else holding.names?.add(names);
}

function isUsed({ category, names }: Holding, name: string): boolean {
  if (!names) return true;
  for (const used of names) if (used.has(category, name)) return true;
  return false;
}

/** Writes the remaining resources. Returns false if the dictionary may have other users. */
function replace(
  { num, category, resources }: Holding,
  left: PdfDict,
  { changes, isReferredTo }: Pick<Options, 'changes' | 'isReferredTo'>,
): boolean {
  if (num !== NO_OBJECT) {
    changes.replace(num, left);
    return true;
  }
  const [only] = resources;
  if (!only) return false;
  if (only.num === NO_OBJECT) return replaceInOwner(only.ownerNum, category, left, changes);
  const dict = isReferredTo(only.num) ? null : changes.current(only.num);
  if (!(dict instanceof PdfDict)) return false;
  changes.replace(only.num, new PdfDict(dict).set(category, left));
  return true;
}

/** Writes a category of a resource dictionary that is a direct object. */
function replaceInOwner(num: SourceObjectNumber, category: Category, left: PdfDict, changes: Changes): boolean {
  const owner = num === NO_OBJECT ? null : changes.current(num);
  const entries = owner instanceof PdfStream ? owner.dict : owner;
  const dict = entries instanceof PdfDict ? entries.get('Resources') : undefined;
  // A page may inherit its resources from a node that other pages have too.
  if (!(entries instanceof PdfDict) || !(dict instanceof PdfDict)) return false;
  const written = new PdfDict(entries).set('Resources', new PdfDict(dict).set(category, left));
  changes.replace(num, owner instanceof PdfStream ? new PdfStream(written, owner.data, owner.id) : written);
  return true;
}
