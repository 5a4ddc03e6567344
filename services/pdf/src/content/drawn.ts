import { Edge } from './edge.js';
import type { MatrixAllowance } from './edge.js';
import { UNBOUNDED } from './matrix.js';
import type { Matrix, Scale } from './matrix.js';
import { ScaleSet } from './scale-set.js';

/** Something that content draws. */
export abstract class Drawn {
  /** The first page that draws it, counted from 1, or 0. */
  page = 0;

  /** Draws it at a scale. Returns the scale to pass on to what it draws, or undefined for none. */
  abstract draw(scale: Scale, page: number): Scale | undefined;
}

/** An image with the maximum lengths of its sides in points and the number of operations that draw it. */
export class DrawnImage extends Drawn {
  widthPoints = 0;
  heightPoints = 0;
  uses = 0;

  override draw(scale: Scale, page: number): undefined {
    this.page ||= page;
    this.widthPoints = Math.max(this.widthPoints, Math.sqrt(Math.max(0, scale.xx)));
    this.heightPoints = Math.max(this.heightPoints, Math.sqrt(Math.max(0, scale.yy)));
  }

  /** Draws a mask wherever its image is drawn. */
  drawWith({ page, widthPoints, heightPoints, uses }: DrawnImage): void {
    this.page = this.page === 0 ? page : Math.min(this.page, page);
    this.widthPoints = Math.max(this.widthPoints, widthPoints);
    this.heightPoints = Math.max(this.heightPoints, heightPoints);
    this.uses += uses;
  }
}

/**
 * Content that is drawn: a page, a form XObject, a tiling pattern or a glyph. It is read once and records what it
 * draws.
 */
export class DrawnContent extends Drawn {
  readonly edges = new Map<Drawn, Edge>();
  readonly scales = new ScaleSet();

  override draw(scale: Scale, page: number): Scale | undefined {
    this.page ||= page;
    return this.scales.add(scale, page);
  }

  /** Records that this content draws something with a matrix. An undefined matrix is unknown. */
  add(drawn: Drawn, matrix: Matrix | undefined, allowance: MatrixAllowance): void {
    let edge = this.edges.get(drawn);
    if (!edge) {
      edge = new Edge(allowance);
      this.edges.set(drawn, edge);
    }
    if (matrix) edge.add(matrix);
    else edge.addUnbounded();
    if (drawn instanceof DrawnImage) drawn.uses += 1;
  }
}

/** Maximum number of draws that are followed. After that, everything drawn has an unknown size. */
const MAX_DRAWS = 2_000_000;

/**
 * Follows draws through content. Terminates because each content gains a bounded number of scales, even if it draws
 * itself.
 */
export class DrawFollower {
  /** Number of draws followed so far. */
  draws = 0;

  /** Draws content, and everything it draws, at a scale. */
  draw(content: DrawnContent, scale: Scale, page: number): void {
    const gained = content.draw(scale, page);
    if (gained) this.#follow([[content, gained]], page);
  }

  /** Repeats the draws of content that was found to draw more. */
  redraw(content: DrawnContent, page: number): void {
    this.#follow(
      content.scales.scales.map((scale) => [content, scale]),
      page,
    );
  }

  #follow(left: [DrawnContent, Scale][], page: number): void {
    for (let next = left.pop(); next; next = left.pop()) {
      const [content, scale] = next;
      for (const [drawn, edge] of content.edges) {
        for (const at of this.#scales(edge, scale, drawn)) {
          this.draws += 1;
          const gained = drawn.draw(at, page);
          if (gained && drawn instanceof DrawnContent) left.push([drawn, gained]);
        }
      }
    }
  }

  #scales(edge: Edge, scale: Scale, drawn: Drawn): readonly Scale[] {
    return this.draws < MAX_DRAWS ? edge.scales(scale, drawn instanceof DrawnImage) : [UNBOUNDED];
  }
}
