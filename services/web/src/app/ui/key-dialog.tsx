import { useState } from 'preact/hooks';
import { apiKey, keyWanted, setApiKey } from '../api/key.js';
import { t } from '../text/index.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Message } from './message.js';
import { PasswordField } from './password-field.js';

/** Asks for the API key when the server has refused a request without a valid one. */
export function KeyDialog() {
  const [value, setValue] = useState('');
  if (!keyWanted.value) return null;
  return (
    <Dialog
      title={t().key.title}
      onClose={() => {
        keyWanted.value = false;
      }}
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim() !== '') setApiKey(value.trim());
        }}
      >
        <p>{t().key.text}</p>
        {apiKey.value !== '' && (
          <Message kind="error" id="key-wrong">
            <p>{t().key.wrong}</p>
          </Message>
        )}
        <PasswordField
          id="api-key"
          label={t().key.label}
          value={value}
          describedBy={apiKey.value === '' ? undefined : 'key-wrong'}
          onChange={setValue}
        />
        <Button kind="primary" type="submit">
          {t().key.save}
        </Button>
      </form>
    </Dialog>
  );
}
