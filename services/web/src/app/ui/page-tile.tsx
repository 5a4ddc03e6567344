import type { PageTile } from '../model/draft.js';
import { t } from '../text/index.js';
import type { DragHandlers } from './drag.js';
import { Icon } from './icon.js';
import { Thumbnail } from './thumbnail.js';

const THUMBNAIL = 132;

interface PageTileProps {
  readonly tile: PageTile;
  readonly place: number;
  readonly count: number;
  readonly isChosen: boolean;
  /** Whether the tab key reaches this page. Arrow keys reach the others. */
  readonly isActive: boolean;
  readonly isDragged: boolean;
  readonly handlers: DragHandlers;
  readonly onFocus: () => void;
  readonly onToggle: (event: MouseEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** One page of the result. */
export function PageTileButton(props: PageTileProps) {
  const { tile, place, count, isChosen, isActive, isDragged, handlers, onFocus, onToggle, onKeyDown } = props;
  const { entry, page, rotate } = tile;
  const { grid } = t();
  const name = page === undefined ? grid.whole(entry.file.name) : grid.page(page, entry.file.name);
  return (
    <li class={`page-tile ${isDragged ? 'is-dragged' : ''}`} data-item={tile.id}>
      <button
        type="button"
        class="page-button"
        aria-pressed={isChosen}
        aria-label={[name, grid.place(place + 1, count), rotate !== 0 && t().list.rotated(rotate)]
          .filter(Boolean)
          .join(', ')}
        tabIndex={isActive ? 0 : -1}
        onFocus={onFocus}
        onClick={onToggle}
        onKeyDown={onKeyDown}
        {...handlers}
      >
        <Thumbnail
          file={entry.file}
          password={entry.password}
          rotate={rotate}
          size={THUMBNAIL}
          {...(page !== undefined && { page })}
        />
        <span class="page-mark" aria-hidden="true">
          <Icon name="check" />
        </span>
      </button>
      <span class="page-caption" aria-hidden="true">
        <span class="page-number">{place + 1}</span>
        <span class="page-source">
          {entry.file.name}
          {page !== undefined && ` · ${page}`}
        </span>
      </span>
    </li>
  );
}
