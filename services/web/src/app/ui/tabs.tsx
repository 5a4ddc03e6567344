import { currentOperation, openOperation } from '../model/draft.js';
import { operationNames } from '../model/operation.js';
import { operationText, t } from '../text/index.js';
import { Icon } from './icon.js';
import type { IconName } from './icon.js';

const ICONS: Readonly<Record<string, IconName>> = {
  'merge-pdf': 'merge',
  'compress-pdf': 'compress',
  'image-to-pdf': 'image',
};

/** The operations as tabs. Arrow keys move between them (ARIA Authoring Practices, tabs pattern). */
export function Tabs() {
  const open = currentOperation.value;
  const select = (name: string | undefined): void => {
    if (name === undefined) return;
    openOperation(name);
    document.getElementById(`tab-${name}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const next = (operationNames.indexOf(open) + step + operationNames.length) % operationNames.length;
      select(operationNames[next]);
    } else if (event.key === 'Home') select(operationNames[0]);
    else if (event.key === 'End') select(operationNames.at(-1));
    else return;
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t().tabs} onKeyDown={onKeyDown}>
      {operationNames.map((name) => (
        <button
          key={name}
          id={`tab-${name}`}
          class="tab"
          type="button"
          role="tab"
          aria-selected={name === open}
          aria-controls="workspace"
          tabIndex={name === open ? 0 : -1}
          onClick={() => {
            openOperation(name);
          }}
        >
          <Icon name={ICONS[name] ?? 'file'} />
          <span>{operationText(name).name}</span>
        </button>
      ))}
    </div>
  );
}
