import { useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { Message } from '../ui/message.js';
import { JobTable } from './jobs.js';
import { find, search } from './state.js';
import { texts } from './text.js';

/** Finds jobs by the beginning of their ids. */
export function JobSearch() {
  const [value, setValue] = useState('');
  const text = texts().search;
  const found = search.value;
  const clear = (): void => {
    setValue('');
    void find('');
  };
  return (
    <section class="search">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void find(value.trim().toLowerCase());
        }}
      >
        <label for="job-id">{text.label}</label>
        <div class="search-row">
          <input
            id="job-id"
            class="input"
            value={value}
            autocomplete="off"
            spellcheck={false}
            maxLength={40}
            aria-describedby="job-id-help"
            onInput={({ currentTarget }) => {
              setValue(currentTarget.value);
            }}
          />
          <Button type="submit">{text.find}</Button>
          {found && (
            <Button kind="quiet" onClick={clear}>
              {text.clear}
            </Button>
          )}
        </div>
        <p id="job-id-help" class="small soft">
          {text.help}
        </p>
      </form>
      {found && <Found />}
    </section>
  );
}

function Found() {
  const found = search.value;
  if (!found) return null;
  const { search: text } = texts();
  if (found.problem !== '')
    return (
      <Message kind="error">
        <p lang="en">{found.problem}</p>
      </Message>
    );
  return (
    <div class="stack">
      <h2>{text.title(found.id)}</h2>
      <JobTable kind="found" label={text.title(found.id)} jobs={found.jobs} empty={text.none} />
      {!found.isComplete && <p class="soft">{text.more}</p>}
    </div>
  );
}
