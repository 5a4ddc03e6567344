import { currentOperation, draftOf } from '../model/draft.js';
import { operationText, t } from '../text/index.js';
import { Announcer } from './announcer.js';
import { Header } from './header.js';
import { JobList } from './job-list.js';
import { KeyDialog } from './key-dialog.js';
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

/** The licences of the packages in the page, which the document links. */
function licensesUrl(): string {
  return document.querySelector<HTMLLinkElement>('link[rel=license]')?.href ?? '/';
}
