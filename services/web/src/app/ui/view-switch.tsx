import type { Draft } from '../model/draft.js';
import { t } from '../text/index.js';

const VIEWS = ['files', 'pages'] as const;

/** Switches between the files and their pages. */
export function ViewSwitch({ draft }: { draft: Draft }) {
  const { view } = t();
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{view.label}</legend>
      {VIEWS.map((name) => (
        <label key={name} class="segment">
          <input
            type="radio"
            name="view"
            value={name}
            checked={draft.view.value === name}
            onChange={() => {
              draft.view.value = name;
            }}
          />
          <span>{view[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}
