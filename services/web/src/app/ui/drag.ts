import { useRef, useState } from 'preact/hooks';
import type { TargetedPointerEvent } from 'preact';

/** A press that moves less is a click. */
const MIN_DISTANCE = 6;
/** Distance from the edge of the window in which a drag scrolls, and pixels per event. */
const EDGE = 72;
const SCROLL_STEP = 14;

interface Drag {
  readonly from: number;
  readonly x: number;
  readonly y: number;
  isMoving: boolean;
}

interface DragOptions {
  /** Called with the id of the dragged item and the item that the pointer is on. */
  readonly onOver: (id: number, target: number, isPastMiddle: { x: boolean; y: boolean }) => void;
  readonly onEnd?: (id: number) => void;
  /** Whether fingers drag too. Otherwise they scroll. */
  readonly withTouch: boolean;
}

/** Handlers of the element that is pressed to drag an item. */
export interface DragHandlers {
  readonly onPointerDown: (event: TargetedPointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: TargetedPointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
  readonly onClickCapture: (event: MouseEvent) => void;
}

/**
 * Lets the pointer drag items whose elements have `data-item`. The list is reordered while the pointer moves. Returns the id of
 * the item that is dragged, and the handlers for its handle.
 */
export function useDrag({ onOver, onEnd, withTouch }: DragOptions) {
  const drag = useRef<Drag | undefined>(undefined);
  const [dragged, setDragged] = useState<number>();

  const handlersOf = (id: number): DragHandlers => ({
    onPointerDown: (event: TargetedPointerEvent<HTMLElement>) => {
      if (event.button !== 0 || (event.pointerType === 'touch' && !withTouch)) return;
      drag.current = { from: id, x: event.clientX, y: event.clientY, isMoving: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: ({ clientX, clientY }: TargetedPointerEvent<HTMLElement>) => {
      const current = drag.current;
      if (!current) return;
      if (!current.isMoving && Math.hypot(clientX - current.x, clientY - current.y) < MIN_DISTANCE) return;
      current.isMoving = true;
      setDragged(current.from);
      scrollAtEdge(clientY);
      const target = itemAt(clientX, clientY);
      if (!target || target.id === current.from) return;
      const { left, top, width, height } = target.element.getBoundingClientRect();
      onOver(current.from, target.id, { x: clientX > left + width / 2, y: clientY > top + height / 2 });
    },
    onPointerUp: () => {
      end(id);
    },
    onPointerCancel: () => {
      end(id);
    },
    // The click that follows a drag must not select the item.
    onClickCapture: (event: MouseEvent) => {
      if (drag.current?.isMoving !== true) return;
      drag.current = undefined;
      event.preventDefault();
      event.stopPropagation();
    },
  });

  const end = (id: number): void => {
    const wasMoving = drag.current?.isMoving === true;
    setDragged(undefined);
    if (!wasMoving) drag.current = undefined;
    else {
      onEnd?.(id);
      setTimeout(() => (drag.current = undefined));
    }
  };

  return { dragged, handlersOf };
}

function itemAt(x: number, y: number): { id: number; element: HTMLElement } | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const item = element.closest<HTMLElement>('[data-item]');
    if (item) return { id: Number(item.dataset.item), element: item };
  }
  return undefined;
}

function scrollAtEdge(y: number): void {
  if (y < EDGE) scrollBy(0, -SCROLL_STEP);
  else if (y > innerHeight - EDGE) scrollBy(0, SCROLL_STEP);
}
