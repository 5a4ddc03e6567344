import { PdfDict, PdfRef, readNameTree, readNumberTree } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import { indexStructure } from './structure-index.js';
import type { StructureIndex } from './structure-index.js';

/** The root of a document's structure tree (ISO 32000-2, table 354). Its parts are read on demand. */
export class StructureRoot {
  readonly dict: PdfDict;
  readonly #file: PdfFile;
  #index: StructureIndex | false | undefined;
  #parents: ReadonlyMap<number, PdfObject> | undefined;
  #ids: ReadonlyMap<string, PdfRef> | undefined;
  #idsOf: ReadonlyMap<SourceObjectNumber, readonly string[]> | undefined;

  private constructor(file: PdfFile, dict: PdfDict) {
    this.#file = file;
    this.dict = dict;
  }

  /** Returns the root of a file, or undefined if the file has no tags. */
  static of(file: PdfFile): StructureRoot | undefined {
    const dict = file.catalogEntry('StructTreeRoot');
    return dict instanceof PdfDict ? new StructureRoot(file, dict) : undefined;
  }

  /** The index of the tree. Undefined if the tree is too large. */
  get index(): StructureIndex | undefined {
    this.#index ??= indexStructure(this.#file, this.dict) ?? false;
    return this.#index === false ? undefined : this.#index;
  }

  /** The parent tree (14.7.5.4). */
  get parents(): ReadonlyMap<number, PdfObject> {
    this.#parents ??= readNumberTree(this.#file, this.dict.get('ParentTree'));
    return this.#parents;
  }

  /** The elements in the identifier tree, by identifier as Latin-1 text. */
  get ids(): ReadonlyMap<string, PdfRef> {
    this.#ids ??= new Map(
      [...readNameTree(this.#file, this.dict.get('IDTree'))].flatMap(([id, element]) =>
        element instanceof PdfRef ? [[id, element]] : [],
      ),
    );
    return this.#ids;
  }

  /** The identifiers of an element in the identifier tree. */
  idsOf(num: SourceObjectNumber): readonly string[] {
    this.#idsOf ??= byElement(this.ids);
    return this.#idsOf.get(num) ?? [];
  }
}

function byElement(ids: ReadonlyMap<string, PdfRef>): Map<SourceObjectNumber, string[]> {
  const idsOf = new Map<SourceObjectNumber, string[]>();
  for (const [id, { num }] of ids) {
    const list = idsOf.get(num);
    if (list) list.push(id);
    else idsOf.set(num, [id]);
  }
  return idsOf;
}
