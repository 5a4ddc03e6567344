import type { PDFRef } from 'pdf-lib';
import { register, text, twoNames } from './draft.js';
import type { Draft } from './draft.js';

/** Optional content groups as pages use them. */
export interface Layers {
  readonly shown: PDFRef;
  readonly hidden: PDFRef;
  readonly english: PDFRef;
  readonly german: PDFRef;
  /** Membership dictionary of the hidden one. */
  readonly membership: PDFRef;
}

/** Layers on and off, nested in the order, locked, two of them a radio-button group (ISO 32000-2, 8.11). */
export function addLayers(draft: Draft): Layers {
  const { context, catalog } = draft;
  const [, ownHidden] = twoNames(draft, 'Hidden');
  const group = (name: string): PDFRef => register(draft, { Type: 'OCG', Name: text(name) });
  const shown = group('Shown');
  const detail = group('Detail');
  const hidden = group(ownHidden);
  const english = group('English');
  const german = group('German');
  const order = [shown, [detail, hidden], [text('Languages'), english, german]];
  catalog.set(
    'OCProperties',
    context.obj({
      OCGs: [shown, detail, hidden, english, german],
      D: {
        Name: text('Default'),
        BaseState: 'ON',
        ON: [shown, english],
        OFF: [hidden, german],
        Order: order,
        RBGroups: [[english, german]],
        Locked: [hidden, detail],
      },
    }),
  );
  const membership = register(draft, { Type: 'OCMD', OCGs: [hidden], P: 'AllOn' });
  return { shown, hidden, english, german, membership };
}
