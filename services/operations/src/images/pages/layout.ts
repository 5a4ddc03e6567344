/** Width and height, in points of 1/72 inch unless stated otherwise. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Space between the sides of a page and the image, in points. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const FITS = ['contain', 'cover', 'fill', 'shrink'] as const;
/**
 * How an image fills the area within the margins of a page of fixed size. `contain` shows all of it, `cover` leaves no
 * space and cuts off what protrudes, `fill` distorts it, and `shrink` is `contain` without enlargement.
 */
export type Fit = (typeof FITS)[number];

export const ROTATIONS = [0, 90, 180, 270] as const;
/** Degrees clockwise. */
export type Rotation = (typeof ROTATIONS)[number];

/** A page of fixed size. */
export interface FixedPage extends Size {
  /** Whether the page is turned so that its long side is the long side of the image. */
  readonly turns: boolean;
}

/** How images are placed on pages. */
export interface PageLayout {
  /** `auto` gives each page the size of its image plus the margins. */
  readonly page: FixedPage | 'auto';
  readonly margins: Margins;
  readonly fit: Fit;
  /** Pixels per inch instead of the resolution of the file. */
  readonly dpi: number | undefined;
}

const NO_MARGINS: Margins = { top: 0, right: 0, bottom: 0, left: 0 };

/** Gives each page the size of its image. */
export const AUTO_LAYOUT: PageLayout = { page: 'auto', margins: NO_MARGINS, fit: 'contain', dpi: undefined };
