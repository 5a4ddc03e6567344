import fontkit from '@pdf-lib/fontkit';

/** Points after each command of a path, and the number that stands for the command in an outline of the engine. */
const SEGMENTS = new Map([
  ['moveTo', 0],
  ['lineTo', 1],
  ['quadraticCurveTo', 2],
  ['bezierCurveTo', 3],
]);

interface PathCommand {
  readonly command: string;
  readonly args: readonly number[];
}

interface FontkitGlyph {
  readonly path: { readonly commands: readonly PathCommand[] };
  readonly advanceWidth: number;
}

/** A font as fontkit reads it. It is the reader that tests compare the engine with. */
export interface ReadFont {
  readonly glyphCount: number;
  /** The segments of a glyph in the form of the engine's outlines. */
  outline(glyph: number): number[];
  advance(glyph: number): number;
}

/** Opens a TrueType or OpenType font with fontkit. */
export function readFont(bytes: Uint8Array): ReadFont {
  const font = fontkit.create(bytes);
  const glyph = (index: number): FontkitGlyph => font.getGlyph(index) as unknown as FontkitGlyph;
  return {
    glyphCount: font.numGlyphs,
    outline: (index) => withoutSinglePoints(glyph(index).path.commands).flatMap(segment),
    advance: (index) => glyph(index).advanceWidth,
  };
}

/** Points that only position other glyphs are contours of one point. They draw nothing. */
function withoutSinglePoints(commands: readonly PathCommand[]): readonly PathCommand[] {
  return commands
    .filter(({ command }) => SEGMENTS.has(command))
    .filter(({ command }, at, all) => command !== 'moveTo' || (all[at + 1]?.command ?? 'moveTo') !== 'moveTo');
}

function segment({ command, args }: PathCommand): number[] {
  const number = SEGMENTS.get(command);
  return number === undefined ? [] : [number, ...args];
}
