import { useEffect, useRef, useState } from 'preact/hooks';
import { getResult } from '../api/client.js';
import { withDocument } from '../pdf/library.js';
import { drawPage, pageSize } from '../pdf/render.js';
import { formatBytes, formatPercent } from '../text/format.js';
import { t } from '../text/index.js';
import { IconButton } from './button.js';
import { Dialog } from './dialog.js';
import { Message } from './message.js';

const ZOOMS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4] as const;
/** CSS pixels per point at a zoom of 100 %. */
const CSS_SCALE = 96 / 72;

interface CompareProps {
  readonly id: string;
  readonly original: { readonly file: File; readonly password: string };
  readonly resultBytes: number;
  readonly onClose: () => void;
}

interface Sides {
  readonly before: HTMLCanvasElement;
  readonly after: HTMLCanvasElement;
  readonly pages: number;
  /** CSS pixels at this zoom. */
  readonly width: number;
  readonly height: number;
}

/** A page of the original over the same page of the result, with a slider between them. */
export function Compare({ id, original, resultBytes, onClose }: CompareProps) {
  const { compare } = t();
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState<number>();
  const [split, setSplit] = useState(50);
  const stage = useRef<HTMLDivElement>(null);
  const { sides, failed, fitted } = useSides({ id, original, page, zoom, stage });
  const current = zoom ?? fitted;
  return (
    <Dialog title={compare.title(original.file.name)} isWide onClose={onClose}>
      <div class="compare-bar">
        <IconButton
          icon="left"
          label={compare.previous}
          disabled={page <= 1}
          onClick={() => {
            setPage(page - 1);
          }}
        />
        <span aria-live="polite">{compare.page(page, sides?.pages ?? 1)}</span>
        <IconButton
          icon="right"
          label={compare.next}
          disabled={page >= (sides?.pages ?? 1)}
          onClick={() => {
            setPage(page + 1);
          }}
        />
        <span class="compare-space" />
        <IconButton
          icon="zoomOut"
          label={compare.zoomOut}
          disabled={current <= ZOOMS[0]}
          onClick={() => {
            setZoom([...ZOOMS].reverse().find((step) => step < current - 0.01) ?? ZOOMS[0]);
          }}
        />
        <span class="zoom" aria-live="polite">
          {formatPercent(current)}
        </span>
        <IconButton
          icon="zoomIn"
          label={compare.zoomIn}
          disabled={current >= 4}
          onClick={() => {
            setZoom(ZOOMS.find((step) => step > current + 0.01) ?? 4);
          }}
        />
        <button
          class="button quiet"
          type="button"
          onClick={() => {
            setZoom(undefined);
          }}
        >
          <span>{compare.fit}</span>
        </button>
      </div>
      <div class="stage" ref={stage} tabIndex={0} role="group" aria-label={compare.page(page, sides?.pages ?? 1)}>
        {failed && (
          <Message kind="error">
            <p>{compare.failed}</p>
          </Message>
        )}
        {!sides && !failed && <p class="soft">{compare.loading}</p>}
        {sides && <Overlay sides={sides} split={split} setSplit={setSplit} />}
      </div>
      <div class="compare-slider">
        <span>
          {t().result.before} <strong>{formatBytes(original.file.size)}</strong>
        </span>
        <input
          type="range"
          min={0}
          max={100}
          value={split}
          aria-label={compare.slider}
          aria-valuetext={formatPercent(split / 100)}
          onInput={({ currentTarget }) => {
            setSplit(Number(currentTarget.value));
          }}
        />
        <span>
          {t().result.after} <strong>{formatBytes(resultBytes)}</strong>
        </span>
      </div>
    </Dialog>
  );
}

interface OverlayProps {
  readonly sides: Sides;
  readonly split: number;
  readonly setSplit: (split: number) => void;
}

/** Both canvases. The pointer moves the line between them. */
function Overlay({ sides, split, setSplit }: OverlayProps) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.querySelectorAll('.side').forEach((side, index) => {
      side.replaceChildren(index === 0 ? sides.after : sides.before);
    });
  }, [sides]);
  const drag = ({ clientX, buttons }: PointerEvent): void => {
    if (buttons !== 1 || !frame.current) return;
    const { left, width } = frame.current.getBoundingClientRect();
    setSplit(Math.max(0, Math.min(100, Math.round((100 * (clientX - left)) / width))));
  };
  const size = { width: `${sides.width}px`, height: `${sides.height}px` };
  return (
    <div
      class="overlay"
      ref={frame}
      style={{ ...size, '--split': `${split}%` }}
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <div class="side after" />
      <div class="side before" />
      <div class="split-line" />
      <span class="side-tag of-before" aria-hidden="true">
        {t().result.before}
      </span>
      <span class="side-tag of-after" aria-hidden="true">
        {t().result.after}
      </span>
    </div>
  );
}

interface SidesRequest {
  readonly id: string;
  readonly original: CompareProps['original'];
  readonly page: number;
  readonly zoom: number | undefined;
  readonly stage: { readonly current: HTMLElement | null };
}

/** Draws both sides of a page. Without a zoom the page fits into the stage. */
function useSides({ id, original, page, zoom, stage }: SidesRequest) {
  const [sides, setSides] = useState<Sides>();
  const [failed, setFailed] = useState(false);
  const [fitted, setFitted] = useState(1);
  const result = useRef<Promise<Blob> | undefined>(undefined);
  useEffect(() => {
    const abort = new AbortController();
    const draw = async (): Promise<void> => {
      result.current ??= getResult(id).then((response) => response.blob());
      const blob = await result.current;
      await withDocument(original.file, original.password, (before) =>
        withDocument(blob, '', async (after) => {
          const size = await pageSize(before, page);
          const scale = zoom ?? fit(size, stage.current);
          const pixels = scale * CSS_SCALE * devicePixelRatio;
          const drawn = { before: await drawPage(before, page, pixels), after: await drawPage(after, page, pixels) };
          if (abort.signal.aborted) return;
          setFitted(scale);
          setFailed(false);
          const css = { width: size.width * scale * CSS_SCALE, height: size.height * scale * CSS_SCALE };
          setSides({ ...drawn, ...css, pages: before.numPages });
        }),
      );
    };
    draw().catch(() => {
      if (!abort.signal.aborted) setFailed(true);
    });
    return () => {
      abort.abort();
    };
  }, [id, page, zoom]);
  return { sides, failed, fitted };
}

function fit(size: { width: number; height: number }, stage: HTMLElement | null): number {
  if (!stage) return 1;
  const [width, height] = [stage.clientWidth - 32, stage.clientHeight - 32];
  return Math.max(0.1, Math.min(width / (size.width * CSS_SCALE), height / (size.height * CSS_SCALE)));
}
