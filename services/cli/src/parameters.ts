import { AppError } from '@pdf-tools/runtime/errors';
import { z } from 'zod';

/** A parameter of an operation, as an option of the command line. */
export interface Parameter {
  /** The name in snake_case, as in the HTTP API. */
  readonly name: string;
  /** The name in kebab-case, without the leading dashes. */
  readonly flag: string;
  readonly description: string;
  /** The valid values, such as "36 to 1200" or "a | b". */
  readonly values: string;
  readonly default: string | undefined;
  readonly isSwitch: boolean;
}

const PROPERTY = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const SHAPE = z.object({ properties: z.record(z.string(), PROPERTY).default({}) });

/** Lists the parameters of a schema. */
export function listParameters(schema: z.ZodObject): Parameter[] {
  const { properties } = SHAPE.parse(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
  return Object.entries(properties).map(([name, property]) => ({
    name,
    flag: name.replaceAll('_', '-'),
    description: property.description,
    values: describeValues(property),
    default: property.default === undefined ? undefined : showDefault(property.default),
    isSwitch: property.type === 'boolean',
  }));
}

/** Parses the values of the command line. Throws `invalid_params` with a message for each invalid value. */
export function parseParameters(
  schema: z.ZodObject,
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ param: path.join('.'), message }));
  const detail = errors.map(({ param, message }) => `--${param.replaceAll('_', '-')} ${message}`).join('; ');
  throw new AppError('invalid_params', detail, { errors });
}

function describeValues({ type, enum: words, minimum, maximum }: z.output<typeof PROPERTY>): string {
  if (words) return words.join(' | ');
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return type === 'boolean' ? 'true | false' : (type ?? 'text');
}

function showDefault(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
