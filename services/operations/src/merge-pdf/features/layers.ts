import { PdfDict, PdfRef, textString } from '@pdf-tools/pdf';
import type { PdfArray, PdfFile, PdfObject, SourceObjectNumber, TargetObjectNumber } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import type { Feature, Source } from '../source.js';
import { intentsOf, layerConfigDict, layerRefs, readLayerConfig } from './layer-config.js';
import type { LayerConfig, Layers } from './layer-config.js';
import { UnlistedLayers } from './unlisted-layers.js';

/** The layers of a document and their configurations. */
interface LayeredDocument {
  readonly source: Source;
  readonly layers: Layers;
  readonly initial: LayerConfig;
  readonly others: readonly LayerConfig[];
}

/** The default list mode, used if documents disagree. */
const ALL_PAGES = 'AllPages';

/**
 * Merges optional content (ISO 32000-2, 8.11). Layers keep their visibility and are listed under the name of their
 * file. Repeated pages use the layers of the first copy.
 */
export class LayersFeature implements Feature {
  readonly #report: MergeReport;
  readonly #anyFileHasLayers: boolean;
  /** By position of the file in the request. */
  readonly #documents = new Map<number, LayeredDocument>();

  constructor({ report, documents }: FeatureContext) {
    this.#report = report;
    this.#anyFileHasLayers = [...documents.values()].some(({ file }) => propertiesOf(file) !== undefined);
  }

  prepare({ copier, file, isRepeated }: Source): void {
    const properties = propertiesOf(file);
    if (this.#anyFileHasLayers && !properties) copier.rewriteWith(new UnlistedLayers(file));
    const { shared } = copier;
    if (isRepeated || !shared) return;
    const groups = file.resolve(properties?.get('OCGs'));
    for (const group of Array.isArray(groups) ? groups : []) if (group instanceof PdfRef) shared.pin(group.num);
  }

  collect(source: Source): void {
    const { index, file, isRepeated } = source;
    const properties = isRepeated ? undefined : propertiesOf(file);
    if (!properties) return;
    const layers = copyLayers(source, file.resolve(properties.get('OCGs')));
    if (layers.size === 0) return;
    const [initial, others] = [file.resolve(properties.get('D')), file.resolve(properties.get('Configs'))];
    const read = (dict: PdfObject): LayerConfig[] =>
      dict instanceof PdfDict ? [readLayerConfig(file, layers, dict)] : [];
    this.#documents.set(index, {
      source,
      layers,
      initial: read(initial)[0] ?? readLayerConfig(file, layers, new PdfDict()),
      others: Array.isArray(others) ? others.flatMap((item) => read(file.resolve(item))) : [],
    });
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    const documents = [...this.#documents.values()];
    const [only] = documents;
    if (!only) return {};
    // The properties of a single document are copied unchanged.
    if (documents.length === 1)
      return { OCProperties: only.source.copier.adopt(only.source.file.catalog.get('OCProperties') ?? null) };
    const others = documents.flatMap((document) =>
      document.others.map((config) => withExplicitStates(config, document.layers)),
    );
    const OCProperties = PdfDict.of({
      OCGs: documents.flatMap(({ layers }) => layerRefs(layers.values())),
      D: layerConfigDict(this.#initialConfig(documents)),
      Configs: others.length > 0 ? others.map(layerConfigDict) : undefined,
    });
    return { OCProperties };
  }

  /** Combines the initial configurations of the documents. */
  #initialConfig(documents: readonly LayeredDocument[]): LayerConfig {
    const configs = documents.map(({ initial }) => initial);
    const intents = [...new Set(configs.flatMap((config) => config.intents))];
    const off = documents.map((document) => layersOff(document, intents));
    const hidden = new Set(off.flat());
    const orders = documents.flatMap(({ source, initial }): PdfArray =>
      initial.order && initial.order.length > 0 ? [[textString(source.name), ...initial.order]] : [],
    );
    return {
      name: this.#firstName(documents),
      creator: undefined,
      base: 'ON',
      on: configs.flatMap(({ on }) => on).filter((layer) => !hidden.has(layer)),
      off: [...hidden],
      order: orders.length > 0 ? orders : undefined,
      locked: configs.flatMap(({ locked }) => locked),
      radioGroups: configs.flatMap(({ radioGroups }) => radioGroups),
      automatic: configs.flatMap(({ automatic }) => automatic),
      listMode: this.#listMode(documents),
      intents,
    };
  }

  #firstName(documents: readonly LayeredDocument[]): LayerConfig['name'] {
    const [first, ...more] = documents.filter(({ initial }) => initial.name);
    for (const { source } of more) this.#report.lost(source, 'name of its configuration of layers');
    return first?.initial.name;
  }

  #listMode(documents: readonly LayeredDocument[]): string | undefined {
    const modes = new Set(documents.map(({ initial }) => initial.listMode ?? ALL_PAGES));
    if (modes.size <= 1) return documents[0]?.initial.listMode;
    for (const { source, initial } of documents) {
      if ((initial.listMode ?? ALL_PAGES) !== ALL_PAGES)
        this.#report.lost(source, 'listing of layers by the pages that are seen');
    }
    return undefined;
  }
}

function propertiesOf(file: PdfFile): PdfDict | undefined {
  const properties = file.catalogEntry('OCProperties');
  return properties instanceof PdfDict ? properties : undefined;
}

function copyLayers({ file, copier }: Source, groups: PdfObject): Layers {
  const layers = new Map<SourceObjectNumber, TargetObjectNumber>();
  for (const group of Array.isArray(groups) ? groups : []) {
    if (!(group instanceof PdfRef) || layers.has(group.num)) continue;
    if (file.resolve(group) instanceof PdfDict) layers.set(group.num, copier.copy(group.num));
  }
  return layers;
}

/** The layers that are initially hidden, for a result whose base state is ON. */
function layersOff({ source, layers, initial }: LayeredDocument, intents: readonly string[]): TargetObjectNumber[] {
  const on = new Set(initial.on);
  const base = initial.base === 'OFF' ? [...layers.values()].filter((layer) => !on.has(layer)) : [];
  const off = new Set([...base, ...initial.off]);
  const isNew = intents.some((intent) => !initial.intents.includes(intent));
  if (!isNew || initial.intents.includes('All')) return [...off];
  // A layer of another intent was always visible. The intents of other documents would change that.
  for (const [num, layer] of layers) {
    const group = source.file.load(num);
    const own = group instanceof PdfDict ? intentsOf(source.file, group) : [];
    if (!own.some((intent) => initial.intents.includes(intent))) off.delete(layer);
  }
  return [...off];
}

/** A configuration that states the visibility of each layer of its document and leaves other layers unchanged. */
function withExplicitStates(config: LayerConfig, layers: Layers): LayerConfig {
  const [on, off] = [new Set(config.on), new Set(config.off)];
  for (const layer of layers.values()) {
    if (config.base === 'ON' && !off.has(layer)) on.add(layer);
    if (config.base === 'OFF' && !on.has(layer)) off.add(layer);
  }
  return { ...config, base: 'Unchanged', on: [...on].filter((layer) => !off.has(layer)), off: [...off] };
}
