import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { announce } from '../model/announce.js';
import type { Draft } from '../model/draft.js';
import { limits } from '../model/limits.js';
import { acceptOf, operationInfo } from '../model/operation.js';
import { formatBytes, formatDuration } from '../text/format.js';
import { t } from '../text/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** Whether files are dragged over the page. */
export const isDraggingFiles = signal(false);

function addTo(draft: Draft, files: readonly File[]): void {
  if (files.length === 0) return;
  const added = draft.add(files);
  if (added > 0) announce(t().list.added(added));
}

/** Takes files that are dropped anywhere on the page, or pasted. */
export function useFilesOfPage(draft: Draft): void {
  useEffect(() => {
    let depth = 0;
    const listeners = new AbortController();
    const on = <Type extends keyof WindowEventMap>(
      type: Type,
      listener: (event: WindowEventMap[Type]) => void,
    ): void => {
      addEventListener(type, listener, { signal: listeners.signal });
    };
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const setDepth = (value: number): void => {
      depth = value;
      isDraggingFiles.value = depth > 0;
    };
    on('dragenter', (event) => {
      if (hasFiles(event)) setDepth(depth + 1);
    });
    on('dragleave', (event) => {
      if (hasFiles(event)) setDepth(Math.max(0, depth - 1));
    });
    on('dragover', (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    on('drop', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      addTo(draft, [...(event.dataTransfer?.files ?? [])]);
    });
    on('paste', (event) => {
      addTo(draft, [...(event.clipboardData?.files ?? [])]);
    });
    return () => {
      listeners.abort();
    };
  }, [draft]);
}

/** Button that opens the file dialog of the browser. */
export function FilePicker({ draft, isPrimary }: { draft: Draft; isPrimary: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        accept={acceptOf(draft.operation)}
        onChange={({ currentTarget }) => {
          addTo(draft, [...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
      <Button kind={isPrimary ? 'primary' : 'plain'} icon="plus" onClick={() => input.current?.click()}>
        {isPrimary ? t().drop.choose : t().drop.add}
      </Button>
    </>
  );
}

/** What the page shows while there are no files. */
export function EmptyState({ draft }: { draft: Draft }) {
  const { drop } = t();
  const { max_upload_bytes: max, max_retain_seconds: retain } = limits.value ?? {};
  const formats = formatList(draft.operation);
  return (
    <section class={`drop-zone ${isDraggingFiles.value ? 'is-over' : ''}`}>
      <span class="drop-icon">
        <Icon name="upload" />
      </span>
      <h2>{isDraggingFiles.value ? drop.release : drop.title}</h2>
      <p class="soft">{max === undefined ? formats : drop.hint(formats, formatBytes(max))}</p>
      <FilePicker draft={draft} isPrimary />
      <p class="small soft">{drop.paste}</p>
      {retain !== undefined && (
        <p class="small soft promise">
          <Icon name="lock" /> {drop.promise(formatDuration(retain))}
        </p>
      )}
    </section>
  );
}

/** Names of the formats that an operation accepts. */
export function formatList(operation: string): string {
  return operationInfo(operation)
    .formats.map(({ label }) => label)
    .join(', ');
}
