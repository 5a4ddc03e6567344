import { BLEND, DISPOSE } from './animation.js';
import type { AnimationFrame } from './animation.js';

export type Samples = Uint8Array | Uint16Array;

/** The size of an animation, and how its pixels are stored. The last channel is alpha. */
export interface CanvasLayout {
  readonly width: number;
  readonly height: number;
  readonly channels: 2 | 4;
  readonly deep: boolean;
}

/** The image that the frames of an animation are drawn on. It is transparent at first. */
export class AnimationCanvas {
  readonly #layout: CanvasLayout;
  #samples: Samples;
  #dispose = (): void => undefined;

  constructor(layout: CanvasLayout) {
    this.#layout = layout;
    const length = layout.width * layout.height * layout.channels;
    this.#samples = layout.deep ? new Uint16Array(length) : new Uint8Array(length);
  }

  /** Draws a frame, and returns the samples of the whole image. They are valid until the next call. */
  draw(frame: AnimationFrame, samples: Samples): Samples {
    this.#dispose();
    this.#dispose = this.#disposalOf(frame);
    this.#eachRow(frame, (start, row, length) => {
      const from = row * length;
      if (frame.blend === BLEND.source) this.#samples.set(samples.subarray(from, from + length), start);
      else this.#drawOver(start, samples.subarray(from, from + length));
    });
    return this.#samples;
  }

  /** What to do before the next frame is drawn. */
  #disposalOf(frame: AnimationFrame): () => void {
    if (frame.dispose === DISPOSE.none) return () => undefined;
    if (frame.dispose === DISPOSE.previous) {
      const before = this.#samples.slice();
      return () => {
        this.#samples = before;
      };
    }
    return () => {
      this.#eachRow(frame, (start, _row, length) => {
        this.#samples.fill(0, start, start + length);
      });
    };
  }

  #eachRow(
    { left, top, width, height }: AnimationFrame,
    work: (start: number, row: number, length: number) => void,
  ): void {
    const { channels } = this.#layout;
    for (let row = 0; row < height; row += 1)
      work(((top + row) * this.#layout.width + left) * channels, row, width * channels);
  }

  /** Draws pixels whose colours are not multiplied by alpha (PNG, third edition, 13.16). */
  #drawOver(start: number, row: Samples): void {
    const { channels, deep } = this.#layout;
    const most = deep ? 65_535 : 255;
    const target = this.#samples;
    for (let from = 0; from < row.length; from += channels) {
      const alpha = row[from + channels - 1] ?? 0;
      if (alpha === 0) continue;
      const to = start + from;
      const above = alpha * most;
      const below = (most - alpha) * (target[to + channels - 1] ?? 0);
      for (let channel = 0; channel < channels - 1; channel += 1) {
        const color = (row[from + channel] ?? 0) * above + (target[to + channel] ?? 0) * below;
        target[to + channel] = Math.round(color / (above + below));
      }
      target[to + channels - 1] = Math.round((above + below) / most);
    }
  }
}
