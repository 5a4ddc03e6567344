import type { Draft } from '../model/draft.js';
import { limits } from '../model/limits.js';
import { isPerFile, operationInfo, takesItems } from '../model/operation.js';
import { submit } from '../model/submit.js';
import { formatBytes } from '../text/format.js';
import { operationText, t } from '../text/index.js';
import { Button } from './button.js';
import { EmptyState, formatList, isDraggingFiles, useFilesOfPage } from './drop-zone.js';
import { FileList } from './file-list.js';
import { Message, ProblemText } from './message.js';
import { Options } from './options.js';
import { PageGrid } from './page-grid.js';
import { ViewSwitch } from './view-switch.js';

/** The open operation: its files or their pages, its options, and the button that starts it. */
export function Workspace({ draft }: { draft: Draft }) {
  useFilesOfPage(draft);
  const isEmpty = draft.entries.value.length === 0;
  return (
    <div id="workspace" role="tabpanel" aria-labelledby={`tab-${draft.operation}`} class={isEmpty ? '' : 'workspace'}>
      <div class={`work ${isDraggingFiles.value && !isEmpty ? 'is-over' : ''}`}>
        <NoticeBox draft={draft} />
        {isEmpty ? <EmptyState draft={draft} /> : <Files draft={draft} />}
      </div>
      {!isEmpty && (
        <form
          class="panel"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (isTooLarge(draft)) return;
            submit(draft);
            showJobs();
          }}
        >
          <Options draft={draft} />
          <SubmitButton draft={draft} />
        </form>
      )}
    </div>
  );
}

function Files({ draft }: { draft: Draft }) {
  return (
    <>
      {takesItems(draft.operation) && <ViewSwitch draft={draft} />}
      {draft.view.value === 'files' ? <FileList draft={draft} /> : <PageGrid draft={draft} />}
    </>
  );
}

/** Whether a request of the draft would exceed the limit of the server. */
function isTooLarge({ operation, files, totalBytes }: Draft): boolean {
  const largest = isPerFile(operation) ? Math.max(...files.value.map(({ size }) => size)) : totalBytes.value;
  return largest > (limits.value?.max_upload_bytes ?? Infinity);
}

/** Brings the list of jobs into view once it has the new ones. */
function showJobs(): void {
  requestAnimationFrame(() => {
    document.getElementById('jobs')?.scrollIntoView({ block: 'nearest' });
  });
}

function SubmitButton({ draft }: { draft: Draft }) {
  const { submit: label } = operationText(draft.operation);
  const isPages = draft.view.value === 'pages';
  const count = isPages ? draft.tiles.value.length : draft.entries.value.length;
  return (
    <div class="submit">
      <Button kind="primary" type="submit" disabled={count === 0 || isTooLarge(draft)}>
        {isPages && count > 0 ? t().form.submitPages(count) : label(count)}
      </Button>
      {count === 0 && <p class="small soft">{t().form.noPages}</p>}
    </div>
  );
}

/** What is wrong with the files as a whole, or with the request. */
function NoticeBox({ draft }: { draft: Draft }) {
  const { drop } = t();
  const notice = draft.notice.value;
  const max = limits.value?.max_upload_bytes ?? 0;
  return (
    <>
      {isTooLarge(draft) && !isPerFile(draft.operation) && (
        <Message kind="error">
          <p>{drop.tooLarge(formatBytes(draft.totalBytes.value), formatBytes(max))}</p>
        </Message>
      )}
      {notice?.kind === 'refused' && (
        <Message kind="error">
          <p>{drop.refused(notice.names.join(', '), formatList(draft.operation))}</p>
        </Message>
      )}
      {notice?.kind === 'too-many' && (
        <Message kind="error">
          <p>{drop.tooMany(operationInfo(draft.operation).maxFiles)}</p>
        </Message>
      )}
      {notice?.kind === 'problem' && (
        <Message kind="error">
          <ProblemText code={notice.code} detail={notice.detail} requestId={notice.requestId} />
        </Message>
      )}
    </>
  );
}
