import { apiKey, setApiKey } from '../api/key.js';
import { t } from '../text/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import { Preferences } from './preferences.js';

export function Header() {
  const { header } = t();
  return (
    <header class="header">
      <a class="skip" href="#main">
        {header.skip}
      </a>
      <Wordmark name="PDF Tools" />
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
        <Preferences />
        <a class="header-link" href="/docs">
          {header.docs}
        </a>
      </nav>
    </header>
  );
}

/** The mark with the name of the page. */
export function Wordmark({ name }: { name: string }) {
  return (
    <h1 class="wordmark">
      <span class="mark" aria-hidden="true">
        <Icon name="file" />
      </span>
      {name}
    </h1>
  );
}
