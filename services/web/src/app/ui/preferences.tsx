import { THEMES, theme } from '../model/theme.js';
import type { Theme } from '../model/theme.js';
import { LANGUAGES, language, languageName, setLanguage, t } from '../text/index.js';
import type { Language } from '../text/index.js';

/** The choice of the theme and of the language. */
export function Preferences() {
  const { header } = t();
  return (
    <>
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
    </>
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
