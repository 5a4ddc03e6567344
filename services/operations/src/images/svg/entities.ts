import { unsupportedImage } from '../errors.js';

/** A document type with an internal subset (XML 1.0, 2.8). */
const DOCTYPE = /<!DOCTYPE\s+(?:svg:)?svg[^[>]*\[([^\]]*)\]\s*>/;
const COMMENT = /<!--(?:[^-]|-(?!->))*-->/g;
/** An entity whose value contains no reference and no markup (XML 1.0, 4.2). */
const PLAIN_ENTITY = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"&%<]*)"|'([^'&%<]*)')\s*>/g;
const REFERENCE = /&([A-Za-z_][\w.-]*);/g;
const DECLARATION = /<!ENTITY\s/;
/** Illustrator declares ten namespaces. */
const MAX_ENTITIES = 64;
const MAX_VALUE_LENGTH = 1024;
/** Maximum characters that all references add to a document. */
const MAX_ADDED_LENGTH = 1_048_576;

/**
 * Replaces references to entities that the document declares as plain text, as Illustrator does for namespaces, and
 * removes their declarations. Throws `unsupported_format` for other entities, which can refer to files or to each other,
 * and for too many or too long ones.
 */
export function expandEntities(text: string): string {
  if (!DECLARATION.test(text)) return text;
  const [doctype, subset = ''] = DOCTYPE.exec(text) ?? [];
  const document = doctype === undefined ? text : text.replace(doctype, '');
  const declarations = subset.replace(COMMENT, '');
  const entities = readEntities(declarations);
  if (DECLARATION.test(document) || declarations.replace(PLAIN_ENTITY, '').trim() !== '') throw unsupported();
  return replaceReferences(document, entities);
}

/** The first declaration of an entity counts. */
function readEntities(declarations: string): ReadonlyMap<string, string> {
  const entities = new Map<string, string>();
  for (const [, name = '', double, single] of declarations.matchAll(PLAIN_ENTITY)) {
    const value = double ?? single ?? '';
    if (value.length > MAX_VALUE_LENGTH || entities.size === MAX_ENTITIES) throw unsupported();
    if (!entities.has(name)) entities.set(name, value);
  }
  return entities;
}

function replaceReferences(document: string, entities: ReadonlyMap<string, string>): string {
  let added = 0;
  return document.replace(REFERENCE, (reference, name: string) => {
    const value = entities.get(name);
    if (value === undefined) return reference;
    added += value.length;
    if (added > MAX_ADDED_LENGTH) throw unsupported();
    return escapeQuotes(value);
  });
}

/** Keeps a value within the attribute that refers to it. */
function escapeQuotes(value: string): string {
  return value.replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}

function unsupported(): Error {
  return unsupportedImage('SVG', 'entities that are not a short plain text');
}
