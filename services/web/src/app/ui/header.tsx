import { apiKey, setApiKey } from '../api/key.js';
import { THEMES, theme } from '../model/theme.js';
import type { Theme } from '../model/theme.js';
import { LANGUAGES, language, languageName, setLanguage, t } from '../text/index.js';
import type { Language } from '../text/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

export function Header() {
  const { header } = t();
  return (
    <header class="header">
      <a class="skip" href="#main">
        {header.skip}
      </a>
      <h1 class="wordmark">
        <span class="mark" aria-hidden="true">
          <Icon name="file" />
        </span>
        PDF Tools
      </h1>
      <nav class="header-tools" aria-label={header.docs}>
        {apiKey.value !== '' && (
          <Button
            kind="quiet"
            icon="lock"
            onClick={() => {
              setApiKey('');
            }}
          >
            {t().key.forget}
          </Button>
        )}
        <Choice
          label={header.theme}
          value={theme.value}
          choices={THEMES.map((name) => [name, header.themes[name]])}
          onChange={(name) => {
            theme.value = name as Theme;
          }}
        />
        <Choice
          label={header.language}
          value={language.value}
          choices={LANGUAGES.map((name) => [name, languageName(name)])}
          onChange={(name) => {
            setLanguage(name as Language);
          }}
        />
        <a class="header-link" href="/docs">
          {header.docs}
        </a>
      </nav>
    </header>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

/** A small drop-down list in the header. */
function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <select
      class="choice"
      aria-label={label}
      title={label}
      value={value}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.value);
      }}
    >
      {choices.map(([name, text]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
}
