import { Edge } from './edge.js';
import type { MatrixAllowance } from './edge.js';
import type { Matrix, Scale } from './matrix.js';
import { ScaleSet } from './scale-set.js';

/** Something that content draws. */
export abstract class Drawn {
  /** The first page that draws it, counted from 1; 0 until one does. */
  page = 0;

  /** Draws it at a scale. Returns the scale that has to be passed on to what it draws, undefined for none. */
  abstract draw(scale: Scale, page: number): Scale | undefined;
}

/** An image: how large its sides are at most, in points, and how many operations draw it. */
export class DrawnImage extends Drawn {
  widthPoints = 0;
  heightPoints = 0;
  uses = 0;

  override draw(scale: Scale, page: number): undefined {
    this.page ||= page;
    this.widthPoints = Math.max(this.widthPoints, Math.sqrt(Math.max(0, scale.xx)));
    this.heightPoints = Math.max(this.heightPoints, Math.sqrt(Math.max(0, scale.yy)));
  }
}

/** Content that is drawn: of a page, a form XObject, a tiling pattern, a glyph. It is read once and holds what it draws. */
export class DrawnContent extends Drawn {
  readonly edges = new Map<Drawn, Edge>();
  readonly scales = new ScaleSet();

  override draw(scale: Scale, page: number): Scale | undefined {
    this.page ||= page;
    return this.scales.add(scale);
  }

  /** Records that this content draws a thing with this matrix; undefined if the matrix is not known. */
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

/** Draws content at a scale, and everything that it draws. Returns how many draws were followed. */
export function drawContent(content: DrawnContent, scale: Scale, page: number): number {
  const gained = content.draw(scale, page);
  return gained ? follow([[content, gained]], page) : 0;
}

/** Draws again what some content draws, because it was found to draw more. Returns how many draws were followed. */
export function redrawContent(content: DrawnContent, page: number): number {
  return follow(
    content.scales.scales.map((scale) => [content, scale]),
    page,
  );
}

/** Ends because each content gains a bounded number of scales, also if it draws itself. */
function follow(left: [DrawnContent, Scale][], page: number): number {
  let steps = 0;
  for (let next = left.pop(); next; next = left.pop()) {
    const [content, scale] = next;
    for (const [drawn, edge] of content.edges) {
      const isImage = drawn instanceof DrawnImage;
      for (const at of edge.scales(scale, isImage)) {
        steps += 1;
        const gained = drawn.draw(at, page);
        if (gained && drawn instanceof DrawnContent) left.push([drawn, gained]);
      }
    }
  }
  return steps;
}
