import type { FieldNode, PdfArray, PdfObject } from '@pdf-tools/pdf';
import { PdfDict, PdfRef, PdfString, TargetRef, textOf } from '@pdf-tools/pdf';
import type { FeatureContext } from '../features.js';
import type { MergeReport } from '../merge-report.js';
import { PageReferences } from '../page-references.js';
import type { Feature, Source } from '../source.js';
import { displayName } from '../unique-name.js';
import { DefaultResources } from './default-resources.js';
import { FieldActions } from './field-actions.js';
import { RootNames } from './field-names.js';
import { calculationOrder, formsOf, keptFields } from './kept-fields.js';
import type { Form } from './kept-fields.js';

/** The document has signature fields (12.7.3, table 225). The flag for append-only files is cleared. */
const SIGNATURES_EXIST = 1;
/** Entries that fields inherit from the form. */
const DEFAULTS = ['DA', 'Q'];

interface Kept {
  readonly read: Form;
  readonly nodes: readonly FieldNode[];
}

/**
 * Merges interactive forms (ISO 32000-2, 12.7). A field with a taken name is renamed, and fields of pages that are not
 * taken are dropped. Signatures are cleared, because the merged file invalidates them. XFA forms are dropped.
 */
export class AcroFormFeature implements Feature {
  readonly #context: FeatureContext;
  readonly #report: MergeReport;
  readonly #resources: DefaultResources;
  readonly #kept = new Map<Source, Kept>();
  readonly #names = new RootNames();
  readonly #forms = formsOf();
  readonly #annotations = new PageReferences('Annots');
  readonly #actions = new Map<Source, FieldActions>();
  readonly #fields: PdfArray = [];
  readonly #order: PdfArray = [];
  readonly #entries = new PdfDict();
  #flags = 0;

  constructor(context: FeatureContext) {
    this.#context = context;
    this.#report = context.report;
    this.#resources = new DefaultResources(context.writer);
  }

  prepare(source: Source): void {
    const { file, copier } = source;
    if (this.#context.sources.length === 1 && !(file.catalogEntry('AcroForm') instanceof PdfDict)) return;
    const read = this.#forms.of(source);
    if (read.form?.has('XFA')) this.#report.lost(source, 'XFA form');
    const nodes = keptFields(source, read, this.#annotations);
    if (nodes.length === 0) return;
    const names = this.#names.take(file, nodes);
    if (this.#context.sources.length > 1) {
      const actions = new FieldActions(this.#context.writer, source, names, nodes);
      this.#actions.set(source, actions);
      copier.rewriteWith(actions);
    }
    const missing = this.#takeForm(source, read, nodes);
    for (const node of nodes) this.#change(source, node, { names, missing });
    this.#reportNames(source, names);
  }

  collect(source: Source): void {
    const kept = this.#kept.get(source);
    if (!kept) return;
    const { copier, file } = source;
    for (const { num, parent } of kept.nodes) if (!parent) this.#fields.push(copier.adopt(new PdfRef(num, 0)));
    for (const field of calculationOrder(kept.read, kept.nodes)) this.#order.push(copier.adopt(field));
    if (file.resolve(kept.read.form?.get('NeedAppearances')) === true) this.#entries.set('NeedAppearances', true);
  }

  finish(): Readonly<Record<string, PdfObject | undefined>> {
    for (const [source, actions] of this.#actions) {
      actions.finish(source);
      if (actions.renames && actions.hasScripts)
        this.#report.note(source, 'scripts still use the old names of renamed form fields');
    }
    if (this.#fields.length === 0) return {};
    const form = PdfDict.of({ Fields: this.#fields, DR: this.#resources.dict() });
    for (const [key, value] of this.#entries) form.set(key, value);
    if (this.#order.length > 0) form.set('CO', this.#order);
    if (this.#flags > 0) form.set('SigFlags', this.#flags);
    return { AcroForm: new TargetRef(this.#context.writer.put(form)) };
  }

  /** Returns the defaults that the fields must state themselves. */
  #takeForm(source: Source, read: Form, nodes: readonly FieldNode[]): PdfDict {
    if (!read.form) return new PdfDict();
    this.#kept.set(source, { read, nodes });
    this.#resources.take(source, read.form);
    return this.#defaults(source, read.form);
  }

  /**
   * Uses the first form's defaults for the result. Returns the defaults that fields of other forms must state
   * themselves.
   */
  #defaults({ file }: Source, form: PdfDict): PdfDict {
    const missing = new PdfDict();
    for (const key of DEFAULTS) {
      const value = file.resolve(form.get(key));
      if (value === null) continue;
      if (this.#fields.length === 0 && this.#kept.size === 1) this.#entries.set(key, value);
      else missing.set(key, value);
    }
    return missing;
  }

  /** Overrides a field with its changed entries. */
  #change(
    source: Source,
    { num, dict, parent, kids, type }: FieldNode,
    { names, missing }: { readonly names: ReadonlyMap<string, string>; readonly missing: PdfDict },
  ): void {
    const changed = new PdfDict(dict);
    if (!parent) {
      const title = source.file.resolve(dict.get('T'));
      const to = title instanceof PdfString ? names.get(textOf(title)) : undefined;
      if (to !== undefined) changed.set('T', PdfString.latin1(to));
      for (const [key, value] of missing) if (!changed.has(key)) changed.set(key, value);
    }
    if (Array.isArray(source.file.resolve(dict.get('Kids'))))
      changed.set(
        'Kids',
        kids.map((kid) => new PdfRef(kid.num, 0)),
      );
    if (type === 'Sig') {
      this.#flags = SIGNATURES_EXIST;
      if (changed.delete('V')) this.#report.lost(source, 'signatures');
    }
    source.copier.override(num, changed);
  }

  #reportNames(source: Source, names: ReadonlyMap<string, string>): void {
    for (const [from, to] of names) {
      const name = displayName(to);
      if (name !== from) this.#report.renamed(source, 'form fields', from, name);
    }
  }
}
