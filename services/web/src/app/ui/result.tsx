import { useState } from 'preact/hooks';
import type { JobResult } from '../api/types.js';
import { deleteResult, originalOf } from '../model/jobs.js';
import type { ListedJob } from '../model/jobs.js';
import { isPerFile } from '../model/operation.js';
import { formatBytes, formatPercent } from '../text/format.js';
import { t } from '../text/index.js';
import { Button } from './button.js';
import { Compare } from './compare.js';
import { Countdown } from './countdown.js';
import { DownloadLink } from './download-link.js';
import { Icon } from './icon.js';
import { Report } from './report.js';

interface ResultProps {
  readonly listed: ListedJob;
  readonly result: JobResult;
  readonly expiresAt: string | undefined;
}

/** The sizes, the download, the time of deletion, and what changed. */
export function Result({ listed, result, expiresAt }: ResultProps) {
  return (
    <>
      <Sizes before={listed.inputBytes} result={result} isPerFile={isPerFile(listed.operation)} />
      <ResultActions listed={listed} result={result} />
      {expiresAt !== undefined && (
        <p class="small soft expiry">
          <Icon name="clock" />
          <Countdown
            expiresAt={expiresAt}
            onEnd={() => {
              void deleteResult(listed);
            }}
          />
        </p>
      )}
      <Report report={result.report} />
    </>
  );
}

/** Download, comparison and deletion. A comparison needs the original, which the page has until it is reloaded. */
function ResultActions({ listed, result }: Omit<ResultProps, 'expiresAt'>) {
  const [isComparing, setComparing] = useState(false);
  const id = listed.job?.id ?? '';
  const original = originalOf(listed);
  const isComparable = isPerFile(listed.operation) && result.media_type === 'application/pdf';
  return (
    <>
      <div class="job-actions">
        <DownloadLink id={id} />
        {isComparable && original && (
          <Button
            icon="compare"
            onClick={() => {
              setComparing(true);
            }}
          >
            {t().result.compare}
          </Button>
        )}
        <Button
          kind="danger"
          icon="remove"
          onClick={() => {
            void deleteResult(listed);
          }}
        >
          {t().result.remove}
        </Button>
      </div>
      {isComparable && !original && <p class="small soft">{t().result.compareGone}</p>}
      {isComparing && original && (
        <Compare
          id={id}
          original={original}
          resultBytes={result.bytes}
          onClose={() => {
            setComparing(false);
          }}
        />
      )}
    </>
  );
}

function Sizes({ before, result, isPerFile: isOneFile }: { before: number; result: JobResult; isPerFile: boolean }) {
  const share = before === 0 ? 0 : 1 - result.bytes / before;
  const change = changeText(share);
  return (
    <p class="sizes">
      <span>{formatBytes(before)}</span>
      <Icon name="right" />
      <strong>{formatBytes(result.bytes)}</strong>
      {isOneFile && <span class="saving">{change}</span>}
      {result.pages !== undefined && <span class="soft">{t().counts.pages(result.pages)}</span>}
    </p>
  );
}

/** A change of less than 0.05 % is none. */
const MIN_SHARE = 0.0005;

function changeText(share: number): string {
  if (share >= MIN_SHARE) return t().result.saved(formatPercent(share));
  return share <= -MIN_SHARE ? t().result.larger(formatPercent(-share)) : t().result.same;
}
