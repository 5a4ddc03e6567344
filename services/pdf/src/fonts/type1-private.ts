import { CffOperator } from './cff-dict.js';
import type { CffEntries } from './cff-writer.js';
import type { Type1PrivateEntry } from './type1-font.js';

/** An entry of the Private DICT: its form, and its default value (TN 5176, table 23). */
interface PrivateEntry {
  readonly name: Type1PrivateEntry;
  readonly operator: number;
  readonly maxValues: number;
  readonly default?: number;
}

const PRIVATE_ENTRIES: readonly PrivateEntry[] = [
  { name: 'BlueValues', operator: CffOperator.BlueValues, maxValues: 14 },
  { name: 'OtherBlues', operator: CffOperator.OtherBlues, maxValues: 10 },
  { name: 'FamilyBlues', operator: CffOperator.FamilyBlues, maxValues: 14 },
  { name: 'FamilyOtherBlues', operator: CffOperator.FamilyOtherBlues, maxValues: 10 },
  { name: 'BlueScale', operator: CffOperator.BlueScale, maxValues: 1, default: 0.039625 },
  { name: 'BlueShift', operator: CffOperator.BlueShift, maxValues: 1, default: 7 },
  { name: 'BlueFuzz', operator: CffOperator.BlueFuzz, maxValues: 1, default: 1 },
  { name: 'StdHW', operator: CffOperator.StdHW, maxValues: 1 },
  { name: 'StdVW', operator: CffOperator.StdVW, maxValues: 1 },
  { name: 'StemSnapH', operator: CffOperator.StemSnapH, maxValues: 12 },
  { name: 'StemSnapV', operator: CffOperator.StemSnapV, maxValues: 12 },
  { name: 'ForceBold', operator: CffOperator.ForceBold, maxValues: 1, default: 0 },
  { name: 'LanguageGroup', operator: CffOperator.LanguageGroup, maxValues: 1, default: 0 },
  { name: 'ExpansionFactor', operator: CffOperator.ExpansionFactor, maxValues: 1, default: 0.06 },
];

/** Returns the entries of a Private DICT for those of a Type 1 font. Default values are left out. */
export function privateEntries(values: ReadonlyMap<Type1PrivateEntry, readonly number[]>): CffEntries {
  return PRIVATE_ENTRIES.flatMap((entry) => {
    const own = (values.get(entry.name) ?? []).slice(0, entry.maxValues);
    if (own.length === 0 || (own.length === 1 && own[0] === entry.default)) return [];
    return [[entry.operator, entry.maxValues === 1 ? own : differences(own)] as const];
  });
}

/** Arrays of a DICT have the difference to the value before (TN 5176, 4). */
function differences(values: readonly number[]): number[] {
  return values.map((value, at) => value - (values[at - 1] ?? 0));
}
