import { Icon } from './icon.js';
import type { IconName } from './icon.js';

interface Tab {
  readonly name: string;
  readonly label: string;
  readonly icon?: IconName;
}

interface TabListProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly open: string;
  /** The element that the tabs control. It is labelled by `tab-NAME`. */
  readonly panelId: string;
  readonly onOpen: (name: string) => void;
}

/** Tabs of which one is open. Arrow keys move between them (ARIA Authoring Practices, tabs pattern). */
export function TabList({ label, tabs, open, panelId, onOpen }: TabListProps) {
  const names = tabs.map(({ name }) => name);
  const select = (name: string | undefined): void => {
    if (name === undefined) return;
    onOpen(name);
    document.getElementById(`tab-${name}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) select(names[(names.indexOf(open) + step + names.length) % names.length]);
    else if (event.key === 'Home') select(names[0]);
    else if (event.key === 'End') select(names.at(-1));
    else return;
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ name, label: text, icon }) => (
        <button
          key={name}
          id={`tab-${name}`}
          class="tab"
          type="button"
          role="tab"
          aria-selected={name === open}
          aria-controls={panelId}
          tabIndex={name === open ? 0 : -1}
          onClick={() => {
            onOpen(name);
          }}
        >
          {icon && <Icon name={icon} />}
          <span>{text}</span>
        </button>
      ))}
    </div>
  );
}
