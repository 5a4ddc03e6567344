import type { Dict, Graph, Value } from '../graph.js';
import { isArray } from '../graph.js';

export interface FieldFacts {
  readonly name: string;
  readonly type: string;
  /** The value as it is written, or "signed" for a signature. Undefined without a value. */
  readonly value: string | undefined;
  /** Pages of its widgets, in their order. */
  readonly pages: readonly (number | undefined)[];
  /** BaseFont that the default appearance names in the form's resources. */
  readonly font: string | undefined;
  readonly flags: number;
}

export interface FormFacts {
  readonly fields: readonly FieldFacts[];
  /** Full names in the order of calculation. */
  readonly calculation: readonly string[];
  /** Widgets that belong to no field of the form. */
  readonly loose: readonly string[];
}

interface Node {
  readonly value: Value;
  readonly name: string;
  readonly inherited: Dict;
}

const INHERITED = ['/FT', '/V', '/DA', '/Ff'];
const MAX_FIELDS = 100_000;

/** The fields of the interactive form with all they inherit (ISO 32000-2, 12.7.4). */
export function readForm(graph: Graph): FormFacts {
  const form = graph.dict(graph.root['/AcroForm']);
  const fields: FieldFacts[] = [];
  const names = new Map<string, string>();
  const widgets = new Set<string>();
  const waiting = [...graph.array(form['/Fields'])]
    .reverse()
    .map((value): Node => ({ value, name: '', inherited: {} }));
  for (let node = waiting.pop(); node !== undefined && names.size < MAX_FIELDS; node = waiting.pop()) {
    const { value, name, dict, below } = open(graph, node);
    names.set(graph.refOf(value) ?? '', name);
    const kids = below.filter((kid) => graph.dict(kid)['/T'] !== undefined);
    if (kids.length > 0) {
      waiting.push(...[...kids].reverse().map((kid): Node => ({ value: kid, name, inherited: dict })));
      continue;
    }
    const own = below.length > 0 ? below : [value];
    for (const widget of own) widgets.add(graph.refOf(widget) ?? '');
    fields.push(factsOf(graph, { form, name, dict, widgets: own }));
  }
  const calculation = graph.array(form['/CO']).map((ref) => names.get(graph.refOf(ref) ?? '') ?? 'no field');
  return { fields, calculation, loose: looseWidgets(graph, widgets) };
}

function open(graph: Graph, { value, name, inherited }: Node): Node & { dict: Dict; below: readonly Value[] } {
  const own = graph.dict(value);
  const given = Object.fromEntries(
    INHERITED.flatMap((key) => (inherited[key] === undefined ? [] : [[key, inherited[key]]])),
  );
  const part = graph.text(own['/T']);
  const full = part === undefined ? name : name === '' ? part : `${name}.${part}`;
  return { value, name: full, inherited, dict: { ...given, ...own }, below: graph.array(own['/Kids']) };
}

function factsOf(
  graph: Graph,
  { form, name, dict, widgets }: { form: Dict; name: string; dict: Dict; widgets: readonly Value[] },
): FieldFacts {
  const type = graph.name(dict['/FT']) ?? '';
  const appearance = graph.text(dict['/DA'] ?? form['/DA']) ?? '';
  const font = /\/(\S+) [\d.]+ Tf/.exec(appearance)?.[1] ?? '';
  const fonts = graph.dict(graph.dict(form['/DR'])['/Font']);
  return {
    name,
    type,
    value: valueOf(graph, type, dict['/V']),
    pages: widgets.map((widget) => pageOfWidget(graph, widget)),
    font: graph.name(graph.dict(fonts[`/${font}`])['/BaseFont']),
    flags: graph.number(dict['/Ff']) ?? 0,
  };
}

function valueOf(graph: Graph, type: string, value: Value | undefined): string | undefined {
  const found = graph.resolve(value);
  if (found === null) return undefined;
  if (type === 'Sig') return 'signed';
  return isArray(found) ? found.map((each) => graph.text(each) ?? '').join() : (graph.text(found) ?? graph.name(found));
}

/** Returns the page whose annotations have the widget. The /P of the widget is ignored. */
function pageOfWidget(graph: Graph, widget: Value): number | undefined {
  const index = graph.pages.findIndex(({ dict }) => graph.array(dict['/Annots']).includes(widget));
  return index === -1 ? undefined : index;
}

function looseWidgets(graph: Graph, known: ReadonlySet<string>): string[] {
  return graph.pages.flatMap(({ dict }, page) =>
    graph.array(dict['/Annots']).flatMap((annot) => {
      const isLoose = graph.dict(annot)['/Subtype'] === '/Widget' && !known.has(graph.refOf(annot) ?? '');
      return isLoose ? [`page ${page + 1}: widget ${graph.refOf(annot) ?? 'inside'} belongs to no field`] : [];
    }),
  );
}
