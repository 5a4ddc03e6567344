import { currentOperation, draftOf } from '../model/draft.js';
import { isServerReachable } from '../model/limits.js';
import { operationText, t } from '../text/index.js';
import { Announcer } from './announcer.js';
import { Header } from './header.js';
import { JobList } from './job-list.js';
import { KeyDialog } from './key-dialog.js';
import { Message } from './message.js';
import { Tabs } from './tabs.js';
import { Workspace } from './workspace.js';

/** The whole page. */
export function Page() {
  const operation = currentOperation.value;
  return (
    <>
      <Header />
      <main id="main" class="main" tabIndex={-1}>
        <Tabs />
        <p class="lead">{operationText(operation).title}</p>
        {!isServerReachable.value && <Unreachable />}
        <Workspace key={operation} draft={draftOf(operation)} />
        <JobList />
      </main>
      <footer class="footer">
        <a href="/docs">{t().footer.docs}</a>
        <a href={licensesUrl()}>{t().footer.licenses}</a>
      </footer>
      <KeyDialog />
      <Announcer />
    </>
  );
}

/** Says that the page is here and the server behind it is not. */
function Unreachable() {
  const { title, text } = t().unreachable;
  return (
    <div class="unreachable" role="status">
      <Message kind="info">
        <p>
          <strong>{title}</strong> {text}
        </p>
      </Message>
    </div>
  );
}

/** The licences of the packages in the page, which the document links. */
function licensesUrl(): string {
  return document.querySelector<HTMLLinkElement>('link[rel=license]')?.href ?? '/';
}
