import { AFFINE_IDENTITY } from './affine.js';
import type { Affine } from './affine.js';

/** The part of the graphics state (ISO 32000-2, 8.4) that decides which operations are redundant. */
export interface GraphicsState {
  /** From current user space to the space in which the content starts. */
  matrix: Affine;
  /** Number of matrices that were rounded. Their errors add up. */
  roundings: number;
  /** The operation that set each parameter last, in the output. Missing if it is unknown. */
  parameters: Record<string, string | undefined>;
  fontSize: number | undefined;
  /** Horizontal scaling, 1 for none. Undefined if it is unknown. */
  stretch: number | undefined;
  /** The operation that sets the leading. It is written only before an operation that uses it. Undefined if unknown. */
  leading: string | undefined;
}

/** The initial values of a page (8.4.2, tables 51 and 52; 9.3.1). Colours depend on default colour spaces. */
const PAGE_DEFAULTS: Readonly<Record<string, string>> = {
  w: '1 w',
  J: '0 J',
  j: '0 j',
  M: '10 M',
  d: '[]0 d',
  Tc: '0 Tc',
  Tw: '0 Tw',
  Tz: '100 Tz',
  TL: '0 TL',
  Tr: '0 Tr',
  Ts: '0 Ts',
};

/** The state at the start of a page, or of other content, which inherits the state of its caller. */
export function initialState(isPage: boolean): GraphicsState {
  return {
    matrix: AFFINE_IDENTITY,
    roundings: 0,
    parameters: isPage ? { ...PAGE_DEFAULTS } : {},
    fontSize: undefined,
    stretch: isPage ? 1 : undefined,
    leading: isPage ? PAGE_DEFAULTS.TL : undefined,
  };
}

export function copyState(state: GraphicsState): GraphicsState {
  return { ...state, parameters: { ...state.parameters } };
}
