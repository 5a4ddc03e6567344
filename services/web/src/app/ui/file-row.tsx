import { announce } from '../model/announce.js';
import type { Draft, Entry, EntryProblem } from '../model/draft.js';
import { limits } from '../model/limits.js';
import { formatOf, isPerFile } from '../model/operation.js';
import { isPdf } from '../pdf/render.js';
import { formatBytes } from '../text/format.js';
import { t } from '../text/index.js';
import { IconButton } from './button.js';
import type { DragHandlers } from './drag.js';
import { Icon } from './icon.js';
import { Message, ProblemText } from './message.js';
import { PasswordField } from './password-field.js';
import { Thumbnail } from './thumbnail.js';

const THUMBNAIL = 56;

interface FileRowProps {
  readonly draft: Draft;
  readonly entry: Entry;
  readonly place: number;
  readonly count: number;
  /** Whether the order of the files matters. */
  readonly isOrdered: boolean;
  readonly isRotatable: boolean;
  readonly isDragged: boolean;
  readonly handle: DragHandlers;
  readonly onMove: (step: number) => void;
}

/** One file with its thumbnail, size and actions, and what is wrong with it. */
export function FileRow(props: FileRowProps) {
  const { draft, entry, isOrdered, isDragged } = props;
  const { file, rotate, password, locked } = entry;
  const problem = problemOf(draft.operation, entry);
  const classes = ['file-row', isDragged && 'is-dragged', problem && 'has-problem'].filter(Boolean).join(' ');
  return (
    <li class={classes} data-item={entry.id}>
      {isOrdered && props.count > 1 && <Handle {...props} />}
      <Thumbnail
        file={file}
        password={password}
        rotate={rotate}
        size={THUMBNAIL}
        onPages={(pages) => {
          if (isPdf(file) && entry.pages !== pages) draft.change(entry.id, { pages, problem });
        }}
        onLocked={() => {
          if (!locked) draft.change(entry.id, { locked: true, problem });
        }}
      />
      <div class="file-name">
        <span class="name">{file.name}</span>
        <span class="small soft">{describe(draft.operation, entry)}</span>
      </div>
      <Actions {...props} />
      <Trouble draft={draft} entry={entry} problem={problem} />
    </li>
  );
}

interface TroubleProps {
  readonly draft: Draft;
  readonly entry: Entry;
  readonly problem: EntryProblem | undefined;
}

/** What is wrong with a file, and the password that it needs. */
function Trouble({ draft, entry, problem }: TroubleProps) {
  const { file, locked, password } = entry;
  if (!locked && !problem) return null;
  return (
    <div class="file-problem">
      {problem && (
        <Message kind="error" id={`problem-${entry.id}`}>
          <ProblemText code={problem.code} item={problem.item} />
        </Message>
      )}
      {locked && !problem && password === '' && <p class="small soft">{t().list.locked}</p>}
      {locked && (
        <PasswordField
          id={`password-${entry.id}`}
          label={t().list.password}
          value={password}
          describedBy={problem ? `problem-${entry.id}` : undefined}
          onChange={(value) => {
            draft.unlock(file, value);
          }}
        />
      )}
    </div>
  );
}

/** What is wrong with the file, also before it is sent. */
function problemOf(operation: string, { file, problem }: Entry): EntryProblem | undefined {
  const limit = limits.value?.max_upload_bytes ?? Infinity;
  if (!isPerFile(operation) || file.size <= limit) return problem;
  return { code: 'upload_too_large', item: { limit, message: '' } };
}

function describe(operation: string, { file, rotate, pages }: Entry): string {
  const format = formatOf(operation, file)?.label;
  const parts = [format, formatBytes(file.size), pages !== undefined && t().counts.pages(pages)];
  return [...parts, rotate !== 0 && t().list.rotated(rotate)].filter(Boolean).join(' · ');
}

/** The place where the pointer drags the row, and where arrow keys move it. */
function Handle({ entry, handle, onMove }: FileRowProps) {
  return (
    <button
      class="handle"
      type="button"
      aria-label={t().list.moveHandle(entry.file.name)}
      {...handle}
      onKeyDown={(event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        onMove(step);
      }}
    >
      <Icon name="grip" />
    </button>
  );
}

function Actions({ draft, entry, place, count, isOrdered, isRotatable, onMove }: FileRowProps) {
  const { list } = t();
  const { name } = entry.file;
  return (
    <div class="actions" role="group" aria-label={list.more(name)}>
      {isOrdered && count > 1 && (
        <>
          <IconButton
            icon="up"
            label={list.of(name, list.up)}
            disabled={place === 0}
            onClick={() => {
              onMove(-1);
            }}
          />
          <IconButton
            icon="down"
            label={list.of(name, list.down)}
            disabled={place === count - 1}
            onClick={() => {
              onMove(1);
            }}
          />
        </>
      )}
      {isRotatable && (
        <IconButton
          icon="rotateRight"
          label={list.of(name, list.rotate)}
          onClick={() => {
            draft.rotate(entry.id);
          }}
        />
      )}
      {isOrdered && (
        <IconButton
          icon="copy"
          label={list.of(name, list.twice)}
          onClick={() => {
            draft.duplicate(entry.id);
          }}
        />
      )}
      <IconButton
        icon="remove"
        label={list.of(name, list.remove)}
        onClick={() => {
          draft.remove(entry.id);
          announce(list.removed(name));
        }}
      />
    </div>
  );
}
