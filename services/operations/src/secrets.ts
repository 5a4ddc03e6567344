import { z } from 'zod';

/** A secret parameter as it is stored, with its path from the outermost name inwards and its value. */
export const secretsSchema = z.array(
  z.object({ path: z.array(z.union([z.string(), z.int()])).readonly(), value: z.unknown() }),
);

export type Secret = z.output<typeof secretsSchema>[number];

/** Parameters without their secrets, and the secrets. */
export interface SplitParams {
  readonly open: Readonly<Record<string, unknown>>;
  readonly secrets: readonly Secret[];
}

/** The parts of a JSON Schema that lead to secrets. `secret` comes from the metadata of the zod schema. */
interface Node {
  readonly secret?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/**
 * Separates the parameters that their schema marks with `meta({ secret: true })` from the others, at any depth of objects and
 * lists. Empty secrets are dropped.
 */
export function splitSecrets(schema: z.ZodObject, params: Readonly<Record<string, unknown>>): SplitParams {
  const secrets = [...secretsIn(describe(schema), params, [])];
  if (secrets.length === 0) return { open: params, secrets };
  const open = structuredClone(params);
  for (const { path } of secrets) change(open, path, (place, name) => Reflect.deleteProperty(place, name));
  return { open, secrets };
}

/** Puts secrets back at their paths. A path that does not exist is ignored. */
export function joinSecrets(
  open: Readonly<Record<string, unknown>>,
  secrets: readonly Secret[],
): Readonly<Record<string, unknown>> {
  const params = structuredClone(open);
  for (const { path, value } of secrets)
    change(params, path, (place, name) =>
      Reflect.defineProperty(place, name, { value, enumerable: true, writable: true, configurable: true }),
    );
  return params;
}

/** Returns the names of the parameters that are secrets. */
export function secretNames(schema: z.ZodObject): string[] {
  return Object.entries(describe(schema).properties ?? {}).flatMap(([name, { secret }]) =>
    secret === true ? name : [],
  );
}

const described = new WeakMap<z.ZodObject, Node>();

function describe(schema: z.ZodObject): Node {
  const known = described.get(schema);
  if (known) return known;
  const node = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Node;
  described.set(schema, node);
  return node;
}

/** The depth is that of the schema, which is not untrusted input. */
function* secretsIn(node: Node, value: unknown, path: readonly (string | number)[]): Generator<Secret> {
  if (value === undefined || value === null || value === '') return;
  if (node.secret === true) {
    yield { path, value };
    return;
  }
  for (const branch of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) yield* secretsIn(branch, value, path);
  for (const [child, inner, name] of members(node, value)) yield* secretsIn(child, inner, [...path, name]);
}

/** Returns the members of an object or the items of a list that the schema describes. */
function members({ items, properties = {} }: Node, value: unknown): (readonly [Node, unknown, string | number])[] {
  if (Array.isArray(value)) return items ? value.map((item, i) => [items, item, i] as const) : [];
  if (!isObject(value)) return [];
  const present = Object.entries(properties).filter(([name]) => Object.hasOwn(value, name));
  return present.map(([name, child]) => [child, value[name], name] as const);
}

/** Calls `act` with the object or list that holds the last name of a path, if it exists. */
function change(
  params: object,
  path: readonly (string | number)[],
  act: (place: object, name: string | number) => boolean,
): void {
  let place: unknown = params;
  for (const name of path.slice(0, -1)) place = isObject(place) && Object.hasOwn(place, name) ? place[name] : undefined;
  const last = path.at(-1);
  if (isObject(place) && last !== undefined) act(place, last);
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
