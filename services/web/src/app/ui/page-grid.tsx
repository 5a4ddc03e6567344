import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../model/announce.js';
import type { Draft, PageTile } from '../model/draft.js';
import {
  addMissingTiles,
  duplicateTiles,
  keepTiles,
  moveTiles,
  openPages,
  removeTiles,
  rotateTiles,
  shiftTiles,
} from '../model/tiles.js';
import type { Chosen } from '../model/tiles.js';
import { t } from '../text/index.js';
import { Button, IconButton } from './button.js';
import { FilePicker } from './drop-zone.js';
import { useDrag } from './drag.js';
import { PageTileButton } from './page-tile.js';

/** The pages of the result, to pick, move and rotate. */
export function PageGrid({ draft }: { draft: Draft }) {
  const [chosen, setChosen] = useState<Chosen>(new Set());
  const [focused, setFocused] = useState<number>();
  const isReading = useTiles(draft);
  const grid = useRef<HTMLOListElement>(null);
  const tiles = draft.tiles.value;
  const { dragged, handlersOf } = useDrag({
    withTouch: false,
    onOver: (id, target) => {
      moveTiles(draft, chosen.has(id) ? chosen : new Set([id]), target);
    },
  });
  const active = tiles.find(({ id }) => id === focused) ?? tiles[0];
  const focus = (tile: PageTile | undefined): void => {
    if (!tile) return;
    setFocused(tile.id);
    grid.current?.querySelector<HTMLElement>(`[data-item="${tile.id}"] button`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, tile: PageTile): void => {
    const targets: Chosen = chosen.has(tile.id) ? chosen : new Set([tile.id]);
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    if (command === 'rotate') rotateTiles(draft, targets, event.shiftKey ? -90 : 90);
    else if (command === 'remove') {
      const next = tiles.slice(tiles.indexOf(tile) + 1).find(({ id }) => !targets.has(id));
      removeTiles(draft, targets);
      setChosen(new Set());
      focus(next ?? draft.tiles.value.at(-1));
    } else if (command === 'all') setChosen(new Set(tiles.map(({ id }) => id)));
    else if (event.altKey) {
      shiftTiles(draft, targets, command.startsWith('-') ? -1 : 1);
      announcePlace(draft, tile);
    } else focus(tiles[tiles.indexOf(tile) + stepOf(command, grid.current)]);
  };
  return (
    <section class="pages" aria-label={t().grid.label}>
      <GridToolbar draft={draft} chosen={chosen} setChosen={setChosen} />
      <p class="small soft">{isReading ? t().grid.reading : t().grid.help}</p>
      <ol class="page-grid" ref={grid}>
        {tiles.map((tile, place) => (
          <PageTileButton
            key={tile.id}
            tile={tile}
            place={place}
            count={tiles.length}
            isChosen={chosen.has(tile.id)}
            isActive={tile === active}
            isDragged={dragged === tile.id || (dragged !== undefined && chosen.has(dragged) && chosen.has(tile.id))}
            handlers={handlersOf(tile.id)}
            onFocus={() => {
              setFocused(tile.id);
            }}
            onToggle={(event) => {
              setChosen(toggled(chosen, tiles, { tile, anchor: focused, isRange: event.shiftKey }));
              setFocused(tile.id);
            }}
            onKeyDown={(event) => {
              onKeyDown(event, tile);
            }}
          />
        ))}
      </ol>
    </section>
  );
}

/** Reads the pages when the view opens, and those of files that are added later. Returns whether it still reads. */
function useTiles(draft: Draft): boolean {
  const [isReading, setReading] = useState(false);
  const entries = draft.entries.value;
  const ids = entries.map(({ id }) => id).join();
  useEffect(() => {
    const read = draft.tiles.value.length === 0 ? openPages : addMissingTiles;
    setReading(true);
    void read(draft).finally(() => {
      setReading(false);
    });
  }, [draft, ids]);
  return isReading;
}

interface Toggle {
  readonly tile: PageTile;
  readonly anchor: number | undefined;
  readonly isRange: boolean;
}

/** Adds a page to the selection or removes it. With the shift key all pages from the last one are added. */
function toggled(chosen: Chosen, tiles: readonly PageTile[], { tile, anchor, isRange }: Toggle): Chosen {
  const next = new Set(chosen);
  if (isRange && anchor !== undefined) {
    const places = [tiles.findIndex(({ id }) => id === anchor), tiles.indexOf(tile)];
    for (const { id } of tiles.slice(Math.min(...places), Math.max(...places) + 1)) next.add(id);
  } else if (!next.delete(tile.id)) next.add(tile.id);
  return next;
}

type Command = 'rotate' | 'remove' | 'all' | '-1' | '+1' | '-row' | '+row' | '-end' | '+end';

function commandOf({ key, ctrlKey, metaKey }: KeyboardEvent): Command | undefined {
  if (ctrlKey || metaKey) return key === 'a' ? 'all' : undefined;
  const commands: Readonly<Record<string, Command>> = {
    r: 'rotate',
    R: 'rotate',
    Delete: 'remove',
    Backspace: 'remove',
    ArrowLeft: '-1',
    ArrowRight: '+1',
    ArrowUp: '-row',
    ArrowDown: '+row',
    Home: '-end',
    End: '+end',
  };
  return commands[key];
}

/** Returns by how many places a command moves the focus. */
function stepOf(command: Command, grid: HTMLElement | null): number {
  const sign = command.startsWith('-') ? -1 : 1;
  if (command.endsWith('1')) return sign;
  const items = [...(grid?.children ?? [])].map((child) => child.getBoundingClientRect());
  const current = [...(grid?.children ?? [])].findIndex((child) => child.contains(document.activeElement));
  if (command.endsWith('end')) return sign < 0 ? -current : items.length - 1 - current;
  const perRow = items.filter(({ top }) => Math.abs(top - (items[0]?.top ?? 0)) < 4).length;
  return sign * Math.max(1, perRow);
}

function announcePlace(draft: Draft, { id }: PageTile): void {
  const tiles = draft.tiles.value;
  announce(t().grid.place(tiles.findIndex((tile) => tile.id === id) + 1, tiles.length));
}

interface ToolbarProps {
  readonly draft: Draft;
  readonly chosen: Chosen;
  readonly setChosen: (chosen: Chosen) => void;
}

/** What can be done with the selected pages, also by touch. */
function GridToolbar({ draft, chosen, setChosen }: ToolbarProps) {
  const { grid } = t();
  const count = draft.tiles.value.filter(({ id }) => chosen.has(id)).length;
  const act = (action: () => void) => () => {
    action();
    setChosen(new Set([...chosen].filter((id) => draft.tiles.value.some((tile) => tile.id === id))));
  };
  const actions = [
    [
      'left',
      'earlier',
      () => {
        shiftTiles(draft, chosen, -1);
      },
    ],
    [
      'right',
      'later',
      () => {
        shiftTiles(draft, chosen, 1);
      },
    ],
    [
      'rotateLeft',
      'left',
      () => {
        rotateTiles(draft, chosen, -90);
      },
    ],
    [
      'rotateRight',
      'right',
      () => {
        rotateTiles(draft, chosen, 90);
      },
    ],
    [
      'copy',
      'twice',
      () => {
        duplicateTiles(draft, chosen);
      },
    ],
    [
      'check',
      'keep',
      () => {
        keepTiles(draft, chosen);
      },
    ],
    [
      'remove',
      'remove',
      () => {
        removeTiles(draft, chosen);
      },
    ],
  ] as const;
  return (
    <div class="toolbar">
      <FilePicker draft={draft} isPrimary={false} />
      <Button
        kind="quiet"
        onClick={() => {
          setChosen(count > 0 ? new Set() : new Set(draft.tiles.value.map(({ id }) => id)));
        }}
      >
        {count > 0 ? grid.none : grid.all}
      </Button>
      <Button
        kind="quiet"
        onClick={() => {
          setChosen(new Set());
          void openPages(draft);
        }}
      >
        {grid.reset}
      </Button>
      {count > 0 && (
        <div class="selection" role="group" aria-label={grid.selected(count)}>
          <strong>{grid.selected(count)}</strong>
          {actions.map(([icon, label, action]) => (
            <IconButton key={label} icon={icon} label={grid[label]} onClick={act(action)} />
          ))}
        </div>
      )}
    </div>
  );
}
