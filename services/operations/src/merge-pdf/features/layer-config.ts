import {
  NO_OBJECT,
  MAX_NESTING,
  MAX_TREE_NODES,
  PdfDict,
  PdfName,
  PdfRef,
  PdfString,
  TargetRef,
  isName,
} from '@pdf-tools/pdf';
import type { PdfArray, PdfFile, PdfObject, SourceObjectNumber, TargetObjectNumber } from '@pdf-tools/pdf';

/** The numbers of a document's layers in the target, by their numbers in the source. */
export type Layers = ReadonlyMap<SourceObjectNumber, TargetObjectNumber>;

/** The contents of a configuration (ISO 32000-2, table 99), with layers of the target. */
export interface LayerConfig {
  readonly name: PdfString | undefined;
  readonly creator: PdfString | undefined;
  /** State of the layers in neither list. Unchanged keeps the state before the configuration is applied. */
  readonly base: 'ON' | 'OFF' | 'Unchanged';
  readonly on: readonly TargetObjectNumber[];
  readonly off: readonly TargetObjectNumber[];
  /** Undefined if no layers are listed. */
  readonly order: PdfArray | undefined;
  readonly locked: readonly TargetObjectNumber[];
  readonly radioGroups: readonly (readonly TargetObjectNumber[])[];
  /** Usage application dictionaries, which change states for printing, viewing and exporting. */
  readonly automatic: readonly PdfDict[];
  readonly listMode: string | undefined;
  /** Layers with none of these intents have no effect. `All` includes any. */
  readonly intents: readonly string[];
}

/** The default intent of layers and configurations. */
const VIEW = 'View';

/** Reads a configuration. Ignores layers that the document does not list. */
export function readLayerConfig(file: PdfFile, layers: Layers, dict: PdfDict): LayerConfig {
  const get = (key: string): PdfObject => file.resolve(dict.get(key));
  const list = (key: string): TargetObjectNumber[] => layersIn(file, layers, dict.get(key));
  const [name, creator, base, listMode] = [get('Name'), get('Creator'), get('BaseState'), get('ListMode')];
  const [radioGroups, automatic] = [get('RBGroups'), get('AS')];
  return {
    name: name instanceof PdfString ? name : undefined,
    creator: creator instanceof PdfString ? creator : undefined,
    base: isName(base, 'OFF') || isName(base, 'Unchanged') ? baseOf(base) : 'ON',
    on: list('ON'),
    off: list('OFF'),
    order: readOrder(file, layers, dict.get('Order')),
    locked: list('Locked'),
    radioGroups: itemsOf(radioGroups).map((group) => layersIn(file, layers, group)),
    automatic: itemsOf(automatic).flatMap((item) => readAutomatic(file, layers, item) ?? []),
    listMode: isName(listMode) ? listMode.value : undefined,
    intents: intentsOf(file, dict),
  };
}

function baseOf({ value }: PdfName): 'OFF' | 'Unchanged' {
  return value === 'OFF' ? value : 'Unchanged';
}

function itemsOf(value: PdfObject): PdfArray {
  return Array.isArray(value) ? value : [];
}

/** Writes a configuration. */
export function layerConfigDict(config: LayerConfig): PdfDict {
  const lists = {
    ON: layerRefs(config.on),
    OFF: layerRefs(config.off),
    Locked: layerRefs(config.locked),
    RBGroups: config.radioGroups.filter(({ length }) => length > 0).map(layerRefs),
    AS: [...config.automatic],
  };
  const { intents } = config;
  return PdfDict.of({
    Name: config.name,
    Creator: config.creator,
    BaseState: new PdfName(config.base),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    Order: config.order,
    ListMode: config.listMode === undefined ? undefined : new PdfName(config.listMode),
    Intent: intents.join() === VIEW ? undefined : intents.map((intent) => new PdfName(intent)),
  });
}

export function layerRefs(layers: Iterable<TargetObjectNumber>): TargetRef[] {
  return Array.from(layers, (layer) => new TargetRef(layer));
}

/** The intents of a layer or a configuration, given as a name or an array. */
export function intentsOf(file: PdfFile, dict: PdfDict): string[] {
  const value = file.resolve(dict.get('Intent'));
  const names = (Array.isArray(value) ? value : [value]).map((item) => file.resolve(item));
  const intents = names.flatMap((name) => (isName(name) ? name.value : []));
  return intents.length > 0 ? intents : [VIEW];
}

/** The layers of an array, each once. */
function layersIn(file: PdfFile, layers: Layers, value: PdfObject | undefined): TargetObjectNumber[] {
  const found = itemsOf(file.resolve(value)).flatMap((item) =>
    item instanceof PdfRef ? (layers.get(item.num) ?? []) : [],
  );
  return [...new Set(found)];
}

/** Table 101. */
function readAutomatic(file: PdfFile, layers: Layers, value: PdfObject): PdfDict | undefined {
  const dict = file.resolve(value);
  if (!(dict instanceof PdfDict)) return undefined;
  const affected = layersIn(file, layers, dict.get('OCGs'));
  if (affected.length === 0) return undefined;
  const event = file.resolve(dict.get('Event'));
  const categories = itemsOf(file.resolve(dict.get('Category'))).map((item) => file.resolve(item));
  return PdfDict.of({ Event: event, OCGs: layerRefs(affected), Category: categories.filter((name) => isName(name)) });
}

/** An array of the order that is being read, and its copy. */
interface OrderLevel {
  readonly items: PdfArray;
  readonly into: PdfArray;
  next: number;
}

/** The order in which readers list layers, as arrays of layers, labels and arrays. */
function readOrder(file: PdfFile, layers: Layers, value: PdfObject | undefined): PdfArray | undefined {
  const top = file.resolve(value);
  if (!Array.isArray(top)) return undefined;
  const order: PdfArray = [];
  const levels: OrderLevel[] = [{ items: top, into: order, next: 0 }];
  const seen = new Set(value instanceof PdfRef ? [value.num] : []);
  let visits = 0;
  for (let level = levels.at(-1); level && visits < MAX_TREE_NODES; level = levels.at(-1)) {
    const item = level.items[level.next];
    level.next += 1;
    visits += 1;
    if (item === undefined) levels.pop();
    else read(item, level.into);
  }
  return order;

  function read(item: PdfObject, into: PdfArray): void {
    const num = item instanceof PdfRef ? item.num : NO_OBJECT;
    const layer = layers.get(num);
    if (layer !== undefined) into.push(new TargetRef(layer));
    if (layer !== undefined || seen.has(num)) return;
    if (num !== NO_OBJECT) seen.add(num);
    const found = file.resolve(item);
    if (found instanceof PdfString) into.push(found);
    if (!Array.isArray(found) || levels.length >= MAX_NESTING) return;
    const below: PdfArray = [];
    into.push(below);
    levels.push({ items: found, into: below, next: 0 });
  }
}
