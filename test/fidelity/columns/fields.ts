import type { Facts } from '../facts/facts.js';
import type { FieldFacts } from '../facts/fields.js';
import { placeOf, repeated } from '../source.js';
import type { Source } from '../source.js';

/**
 * Every field with a widget on a page that was taken is there with its type, value, font and widgets. The first file
 * keeps its names. Later ones change those whose root an earlier file has. Signatures lose their values.
 */
export function fieldsMissing(sources: readonly Source[], { form }: Facts): string[] {
  const left = [...form.fields];
  const renamed = new Map<string, string>();
  const missing: string[] = [];
  for (const [index, source] of sources.entries()) {
    for (const field of source.facts.form.fields) {
      const wanted = inResult(source, field);
      if (!wanted) continue;
      const at = left.findIndex((found) => same(wanted, found));
      const [found] = at === -1 ? [] : left.splice(at, 1);
      if (found) renamed.set(`${index} ${field.name}`, found.name);
      missing.push(...(found ? nameFaults(sources, index, { wanted, found }) : [`${field.name} of file ${index + 1}`]));
    }
  }
  return [
    ...missing,
    ...left.map(({ name }) => `${name} is of no file`),
    ...repeated(form.fields.map(({ name }) => name)).map((name) => `two fields are called ${name}`),
    ...form.loose,
    ...orderFaults(sources, form.calculation, renamed),
  ];
}

interface Pair {
  readonly wanted: FieldFacts;
  readonly found: FieldFacts;
}

/** Returns the field as it must be in the result, with the widgets of the pages taken. */
function inResult(source: Source, field: FieldFacts): FieldFacts | undefined {
  const pages = field.pages.flatMap((page) => placeOf(source, page) ?? []);
  return pages.length === 0 ? undefined : { ...field, pages, value: field.type === 'Sig' ? undefined : field.value };
}

/** The chosen button of a radio group may be on a page that was not taken. Then its value does not matter. */
function same(wanted: FieldFacts, found: FieldFacts): boolean {
  const key = ({ type, font, flags, pages }: FieldFacts): string =>
    JSON.stringify([type, font, flags, [...pages].sort()]);
  const isPart = wanted.type === 'Btn' && wanted.pages.length === 1 && wanted.flags !== 0;
  const last = wanted.name.split('.').at(-1) ?? '';
  const isNamed = (found.name.split('.').at(-1) ?? '').startsWith(last) || found.name.includes(rootOf(wanted.name));
  return key(wanted) === key(found) && isNamed && (isPart || wanted.value === found.value);
}

function nameFaults(sources: readonly Source[], index: number, { wanted, found }: Pair): string[] {
  const before = sources.slice(0, index).flatMap((source) => taken(source));
  const collides = before.includes(rootOf(wanted.name));
  if (!collides && wanted.name !== found.name) return [`${wanted.name} is called ${found.name} without need`];
  return [];
}

function taken(source: Source): string[] {
  return source.facts.form.fields.filter((field) => inResult(source, field)).map(({ name }) => rootOf(name));
}

function rootOf(name: string): string {
  return name.split('.')[0] ?? '';
}

function orderFaults(
  sources: readonly Source[],
  found: readonly string[],
  renamed: ReadonlyMap<string, string>,
): string[] {
  const wanted = sources.flatMap(({ facts }, index) =>
    facts.form.calculation.flatMap((name) => renamed.get(`${index} ${name}`) ?? []),
  );
  return wanted.join() === found.join() ? [] : [`calculated in the order ${found.join()}, not ${wanted.join()}`];
}
