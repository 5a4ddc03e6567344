import { useEffect, useRef, useState } from 'preact/hooks';
import { Locked } from '../pdf/library.js';
import { thumbnail } from '../pdf/render.js';
import type { Rotation } from '../model/ranges.js';
import { Icon } from './icon.js';

interface ThumbnailProps {
  readonly file: File;
  readonly page?: number;
  readonly password: string;
  readonly rotate: Rotation;
  /** Longer side in CSS pixels. */
  readonly size: number;
  readonly onPages?: (pages: number) => void;
  readonly onLocked?: () => void;
}

/** A small rendering of a page or an image. It is drawn when it comes near the visible part of the page. */
export function Thumbnail({ file, page = 1, password, rotate, size, onPages, onLocked }: ThumbnailProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    const show = async (): Promise<void> => {
      try {
        const made = await thumbnail({ file, page, password, size, signal: abort.signal });
        if (abort.signal.aborted) return;
        setUrl(made.url);
        onPages?.(made.pages);
      } catch (error) {
        if (abort.signal.aborted) return;
        setUrl(undefined);
        if (error instanceof Locked) onLocked?.();
      }
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        void show();
      },
      { rootMargin: '300px' },
    );
    if (frame.current) observer.observe(frame.current);
    return () => {
      observer.disconnect();
      abort.abort();
    };
  }, [file, page, password, size]);
  return (
    <div class="thumbnail" ref={frame}>
      {url === undefined ? <Icon name="file" /> : <img src={url} alt="" data-rotate={rotate} draggable={false} />}
    </div>
  );
}
