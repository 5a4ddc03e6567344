import { useState } from 'preact/hooks';
import { t } from '../text/index.js';

interface PasswordFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly describedBy?: string | undefined;
  readonly isNew?: boolean;
  readonly onChange: (value: string) => void;
}

/** A password that can be shown. */
export function PasswordField({ id, label, value, describedBy, isNew, onChange }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="password">
        <input
          id={id}
          class="input"
          {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
          value={value}
          autocomplete={isNew === true ? 'new-password' : 'off'}
          aria-describedby={describedBy}
          spellcheck={false}
          onInput={({ currentTarget }) => {
            onChange(currentTarget.value);
          }}
        />
        <button
          class="button quiet"
          type="button"
          aria-pressed={isShown}
          aria-controls={id}
          onClick={() => {
            setShown(!isShown);
          }}
        >
          <span>{isShown ? t().form.hide : t().form.show}</span>
        </button>
      </div>
    </div>
  );
}
