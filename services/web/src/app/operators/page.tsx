import { useEffect, useState } from 'preact/hooks';
import { t } from '../text/index.js';
import { Announcer } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Wordmark } from '../ui/header.js';
import { Message } from '../ui/message.js';
import { PasswordField } from '../ui/password-field.js';
import { Preferences } from '../ui/preferences.js';
import { adminKey, setAdminKey } from './api.js';
import { Dashboard } from './dashboard.js';
import { keyIsWrong, signOut } from './state.js';
import { texts } from './text.js';

/** The whole page for operators: the form for the key, then the dashboard. */
export function OperatorPage() {
  const { title, signOut: label } = texts();
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <header class="header">
        <a class="skip" href="#main">
          {t().header.skip}
        </a>
        <Wordmark name={title} />
        <div class="header-tools">
          <Preferences />
          {adminKey.value !== '' && (
            <Button kind="quiet" icon="lock" onClick={signOut}>
              {label}
            </Button>
          )}
        </div>
      </header>
      <main id="main" class="main operators" tabIndex={-1}>
        {adminKey.value === '' ? <SignIn /> : <Dashboard />}
      </main>
      <Announcer />
    </>
  );
}

function SignIn() {
  const [value, setValue] = useState('');
  const text = texts();
  return (
    <form
      class="panel sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        keyIsWrong.value = false;
        if (value.trim() !== '') setAdminKey(value.trim());
      }}
    >
      {keyIsWrong.value && (
        <Message kind="error" id="key-wrong">
          <p>{text.keyWrong}</p>
        </Message>
      )}
      <PasswordField
        id="key"
        label={text.key}
        value={value}
        describedBy={keyIsWrong.value ? 'key-wrong key-help' : 'key-help'}
        onChange={setValue}
      />
      <p id="key-help" class="small soft">
        {text.keyHelp}
      </p>
      <Button kind="primary" type="submit">
        {text.signIn}
      </Button>
    </form>
  );
}
