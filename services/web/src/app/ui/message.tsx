import type { ComponentChildren } from 'preact';
import type { ErrorCode, ErrorItem } from '../api/types.js';
import { formatBytes } from '../text/format.js';
import { language, t } from '../text/index.js';
import { Icon } from './icon.js';

interface MessageProps {
  readonly kind: 'error' | 'info';
  readonly id?: string;
  readonly children: ComponentChildren;
}

/** A message about something beside it. */
export function Message({ kind, id, children }: MessageProps) {
  return (
    <div class={`message ${kind}`} id={id} role={kind === 'error' ? 'alert' : undefined}>
      <Icon name={kind === 'error' ? 'alert' : 'clock'} />
      <div>{children}</div>
    </div>
  );
}

interface ProblemProps {
  readonly code: string;
  readonly item?: ErrorItem | undefined;
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What went wrong and what to do, from the code and the fields of an error. The server's own text is a detail. */
export function ProblemText({ code, item, detail, requestId }: ProblemProps) {
  const { title, remedy } = t().errors[isKnown(code) ? code : 'internal_error'];
  const technical = detail ?? item?.message;
  return (
    <>
      <p>
        <strong>{title}</strong>
        {item?.page !== undefined && <> ({t().problem.page(item.page)})</>}. {remedy}
        {item?.limit !== undefined && <> {t().problem.limit(limitText(code, item.limit))}.</>}
      </p>
      {technical !== undefined && technical !== '' && (
        <details class="technical">
          <summary>{t().problem.details}</summary>
          <p lang="en">{technical}</p>
          {requestId !== undefined && requestId !== '' && <p>{t().problem.request(requestId)}</p>}
        </details>
      )}
    </>
  );
}

/** Returns a limit with its unit, if the code names one. */
function limitText(code: string, limit: number): string {
  return code === 'upload_too_large' ? formatBytes(limit) : limit.toLocaleString(language.value);
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(t().errors, code);
}
