import type { Pen } from './outline.js';

/** Draws with distances from the current point, as charstrings do. */
export class RelativePath {
  constructor(
    readonly pen: Pen,
    public x = 0,
    public y = 0,
  ) {}

  move(dx: number, dy: number): void {
    this.#advance(dx, dy);
    this.pen.moveTo(this.x, this.y);
  }

  line(dx: number, dy: number): void {
    this.#advance(dx, dy);
    this.pen.lineTo(this.x, this.y);
  }

  /** Each distance is from the point before it. */
  curve(dx1: number, dy1: number, dx2: number, dy2: number, dx3: number, dy3: number): void {
    const [x1, y1] = [this.x + dx1, this.y + dy1];
    const [x2, y2] = [x1 + dx2, y1 + dy2];
    [this.x, this.y] = [x2 + dx3, y2 + dy3];
    this.pen.curveTo(x1, y1, x2, y2, this.x, this.y);
  }

  #advance(dx: number, dy: number): void {
    this.x += dx;
    this.y += dy;
  }
}
