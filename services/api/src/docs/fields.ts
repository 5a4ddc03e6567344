import { escapeHtml, table } from './html.js';
import type { JsonSchema } from './schemas.js';

/** Returns a table of parameters, with the members of their objects, such as `items[].file`. */
export function parameterTable(parameters: Readonly<Record<string, JsonSchema>>): string {
  const rows = membersOf({ properties: parameters }).map(([path, schema]) => [
    `<code>${escapeHtml(path)}</code>`,
    escapeHtml(valuesOf(schema)),
    escapeHtml(show(schema.default)),
    escapeHtml(show(schema.description)),
  ]);
  return table(['Parameter', 'Values', 'Default', 'Meaning'], rows);
}

/** Returns a table of the members of a JSON object, with those of the objects in it. */
export function memberTable(schema: JsonSchema): string {
  const rows = membersOf(schema).map(([path, member]) => [
    `<code>${escapeHtml(path)}</code>`,
    escapeHtml(valuesOf(member)),
    escapeHtml(show(member.description)),
  ]);
  return table(['Field', 'Values', 'Meaning'], rows);
}

/** Returns the members of an object by their paths. */
function membersOf({ properties }: JsonSchema, prefix = ''): (readonly [path: string, schema: JsonSchema])[] {
  if (!isSchema(properties)) return [];
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (!isSchema(schema)) return [];
    const path = `${prefix}${name}`;
    const [object = {}] = alternativesOf(schema).filter((alternative) => isSchema(alternative.properties));
    const entries = isSchema(schema.items) ? membersOf(schema.items, `${path}[].`) : [];
    return [[path, schema] as const, ...membersOf(object, `${path}.`), ...entries];
  });
}

/** Returns the schemas of which a value has one. */
function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [schema];
}

/** Returns the valid values of a schema in words. */
function valuesOf(schema: JsonSchema): string {
  const { type, minimum, maximum, enum: words, anyOf, format, $ref: reference } = schema;
  if (Array.isArray(anyOf)) return [...new Set(alternativesOf(schema).map(valuesOf))].join(' or ');
  if (Array.isArray(words)) return words.join(', ');
  if (reference !== undefined) return 'object';
  if (format === 'date-time') return 'time (RFC 3339)';
  if (minimum !== undefined && maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER)
    return `${show(minimum)} to ${show(maximum)}`;
  if (type === 'boolean') return 'true, false';
  return show(type);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
