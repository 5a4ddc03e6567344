import { parseArgs } from 'node:util';
import { nearestName } from '@pdf-tools/runtime/nearest-name';
import { UsageError } from './exit-codes.js';
import type { Parameter } from './parameters.js';

/** Options of every operation. The help text describes them in the same order. */
const COMMON = {
  output: { type: 'string', short: 'o' },
  json: { type: 'boolean' },
  each: { type: 'string' },
  'out-dir': { type: 'string' },
  with: { type: 'string' },
  timeout: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Common = typeof COMMON;

/** The options of every operation, which are switches and texts. */
export type CommonOptions = {
  readonly [Name in keyof Common]: Common[Name]['type'] extends 'boolean' ? boolean : string | undefined;
};

interface Options {
  readonly common: CommonOptions;
  /** The operation's parameters that were given, by their snake_case names. */
  readonly given: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

interface OptionToken {
  readonly kind: 'option';
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

type Types = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>>;

/**
 * Splits the arguments after the name of an operation into options, parameters and files. Parameters have a kebab-case and
 * a snake_case name. Throws `UsageError` for an option that does not exist, or lacks its value.
 */
export function parseOptions(operation: string, parameters: readonly Parameter[], args: readonly string[]): Options {
  const names = parameters.flatMap(({ name, flag }) => [flag, name]);
  const types: Types = { ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])), ...COMMON };
  const { values, tokens, positionals } = parseArgs({
    args: spellSwitches(args, parameters),
    options: types,
    allowPositionals: true,
    // Node's own messages name neither the operation nor the option that was meant.
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') checkOption(operation, token, types);
  }
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const entries = parameters.map(({ name, flag }) => [name, text(flag) ?? text(name)] as const);
  const given = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { common: readCommon(values), given, files: positionals };
}

/** A switch needs no value. `--flag` means `--flag=true`. */
function spellSwitches(args: readonly string[], parameters: readonly Parameter[]): string[] {
  const switches = new Set(parameters.filter(({ isSwitch }) => isSwitch).flatMap(({ name, flag }) => [name, flag]));
  return args.map((arg) => (arg.startsWith('--') && switches.has(arg.slice(2)) ? `${arg}=true` : arg));
}

function checkOption(operation: string, { name, rawName, value, inlineValue }: OptionToken, types: Types): void {
  const type = Object.hasOwn(types, name) ? types[name]?.type : undefined;
  if (type === undefined) throw unknownOption(operation, rawName, Object.keys(types));
  if (type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value. Remove "=${value}".`);
  if (type === 'boolean') return;
  // The value of `--dpi -o` was forgotten. A value that begins with a dash is written as `--name=-value`.
  const isOption = !inlineValue && value !== undefined && value.length > 1 && value.startsWith('-');
  if (value === undefined || isOption) throw new UsageError(`${rawName} needs a value: ${rawName} VALUE.`);
}

function unknownOption(operation: string, rawName: string, names: readonly string[]): UsageError {
  const nearest = rawName.startsWith('--') ? nearestName(rawName.slice(2), names) : undefined;
  const hint = nearest === undefined ? '' : ` Did you mean --${nearest}?`;
  return new UsageError(`${rawName} is not an option of ${operation}.${hint}`);
}

function readCommon(values: Readonly<Record<string, unknown>>): CommonOptions {
  const text = (name: keyof Common): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    output: text('output'),
    json: values.json === true,
    each: text('each'),
    'out-dir': text('out-dir'),
    with: text('with'),
    timeout: text('timeout'),
    quiet: values.quiet === true,
    help: values.help === true,
    version: values.version === true,
  };
}
