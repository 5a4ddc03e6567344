import { announce } from '../model/announce.js';
import type { Draft, Entry } from '../model/draft.js';
import { canRotate, isPerFile } from '../model/operation.js';
import { t } from '../text/index.js';
import { Button } from './button.js';
import { FilePicker } from './drop-zone.js';
import { useDrag } from './drag.js';
import { FileRow } from './file-row.js';

/** The files of a draft, in the order of the result. */
export function FileList({ draft }: { draft: Draft }) {
  const { list } = t();
  const entries = draft.entries.value;
  const isOrdered = !isPerFile(draft.operation);
  const placeOf = (id: number): number => draft.entries.value.findIndex((entry) => entry.id === id);
  const { dragged, handlersOf } = useDrag({
    withTouch: true,
    onOver: (id, target, isPast) => {
      const [from, to] = [placeOf(id), placeOf(target)];
      if (to > from ? isPast.y : !isPast.y) draft.move(from, to);
    },
    onEnd: (id) => {
      announcePlace(draft, id);
    },
  });
  const moveBy = (entry: Entry, step: number): void => {
    const from = placeOf(entry.id);
    draft.move(from, from + step);
    announcePlace(draft, entry.id);
  };
  return (
    <section class="files" aria-label={list.label}>
      <div class="toolbar">
        <FilePicker draft={draft} isPrimary={false} />
        {isOrdered && entries.length > 1 && (
          <>
            <Button
              kind="quiet"
              onClick={() => {
                draft.sort('name');
              }}
            >
              {list.byName}
            </Button>
            <Button
              kind="quiet"
              onClick={() => {
                draft.sort('date');
              }}
            >
              {list.byDate}
            </Button>
          </>
        )}
        <Button
          kind="quiet"
          onClick={() => {
            draft.clear();
          }}
        >
          {list.clear}
        </Button>
      </div>
      <ol class="file-list">
        {entries.map((entry, place) => (
          <FileRow
            key={entry.id}
            draft={draft}
            entry={entry}
            place={place}
            count={entries.length}
            isOrdered={isOrdered}
            isRotatable={canRotate(draft.operation)}
            isDragged={dragged === entry.id}
            handle={handlersOf(entry.id)}
            onMove={(step) => {
              moveBy(entry, step);
            }}
          />
        ))}
      </ol>
    </section>
  );
}

function announcePlace(draft: Draft, id: number): void {
  const entries = draft.entries.value;
  const place = entries.findIndex((entry) => entry.id === id);
  announce(t().list.moved(entries[place]?.file.name ?? '', place + 1, entries.length));
}
