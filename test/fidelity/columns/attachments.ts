import type { FileFacts } from '../facts/attachments.js';
import type { Facts } from '../facts/facts.js';
import { placeOf, repeated } from '../source.js';
import type { Source } from '../source.js';

/** Every embedded and associated file of the documents, and those of the pages that were taken, with its content. */
export function attachmentsMissing(sources: readonly Source[], { attachments: found }: Facts): string[] {
  const missing = sources.flatMap((source, index) => {
    const { embedded, associated, pinned, associatedWithPages } = source.facts.attachments;
    const ofPages = (files: readonly (FileFacts & { page: number })[], given: typeof files, what: string): string[] =>
      files.flatMap(({ page, name, hash }) => {
        const at = placeOf(source, page);
        const isThere =
          at === undefined || given.some((each) => each.page === at && each.hash === hash && isNamed(name, each));
        return isThere ? [] : [`${name} ${what} page ${page + 1} of file ${index + 1}`];
      });
    return [
      ...embedded.filter((file) => !holds(found.embedded, file)).map(({ name }) => `${name} of file ${index + 1}`),
      ...associated
        .filter((file) => !holds(found.associated, file))
        .map(({ name }) => `${name} associated with file ${index + 1}`),
      ...ofPages(pinned, found.pinned, 'pinned to'),
      ...ofPages(associatedWithPages, found.associatedWithPages, 'associated with'),
    ];
  });
  return [...missing, ...repeated(found.embedded.map(({ key }) => key)).map((key) => `two under the key ${key}`)];
}

function holds(files: readonly FileFacts[], { name, hash }: FileFacts): boolean {
  return files.some((each) => each.hash === hash && isNamed(name, each));
}

/** A renamed file begins with its former name without the extension. */
function isNamed(name: string, found: FileFacts): boolean {
  return found.name.startsWith(name.replace(/\.\w+$/, ''));
}
