import type { RelativePath } from './relative-path.js';
import type { Type1Accent } from './type1-charstring.js';
import type { Type1Flex } from './type1-flex.js';

/** The operands of a command. Those that the command does not have are 0. */
export type Type1Operands = readonly [number, number, number, number, number, number];

/** What the commands of a charstring act on. */
export interface Type1Target {
  readonly path: RelativePath;
  readonly flex: Type1Flex;
  start(x: number, y: number, width: number, height?: number): void;
  stem(isHorizontal: boolean, edge: number, width: number): void;
  stems(isHorizontal: boolean, operands: Type1Operands): void;
  endWithAccent(bearing: number, accent: Type1Accent): void;
}

type Operate = (target: Type1Target, operands: Type1Operands) => void;

/** The commands with the number of their operands (Adobe Type 1 Font Format, 6.4). */
export const TYPE1_OPERATORS = new Map<number, readonly [count: number, operate: Operate]>([
  [1, [2, hstem]],
  [3, [2, vstem]],
  [4, [1, vmoveto]],
  [5, [2, rlineto]],
  [6, [1, hlineto]],
  [7, [1, vlineto]],
  [8, [6, rrcurveto]],
  [9, [0, closepath]],
  [13, [2, hsbw]],
  [21, [2, rmoveto]],
  [22, [1, hmoveto]],
  [30, [4, vhcurveto]],
  [31, [4, hvcurveto]],
  [0x0c00, [0, dotsection]],
  [0x0c01, [6, vstem3]],
  [0x0c02, [6, hstem3]],
  [0x0c06, [5, seac]],
  [0x0c07, [4, sbw]],
  [0x0c21, [2, setcurrentpoint]],
]);

function hstem(target: Type1Target, [y, dy]: Type1Operands): void {
  target.stem(true, y, dy);
}

function vstem(target: Type1Target, [x, dx]: Type1Operands): void {
  target.stem(false, x, dx);
}

function hstem3(target: Type1Target, operands: Type1Operands): void {
  target.stems(true, operands);
}

function vstem3(target: Type1Target, operands: Type1Operands): void {
  target.stems(false, operands);
}

function dotsection(): void {
  // The command has no effect any more.
}

function hsbw(target: Type1Target, [x, width]: Type1Operands): void {
  target.start(x, 0, width);
}

function sbw(target: Type1Target, [x, y, width, height]: Type1Operands): void {
  target.start(x, y, width, height);
}

function seac(target: Type1Target, [bearing, dx, dy, base, accent]: Type1Operands): void {
  target.endWithAccent(bearing, { dx, dy, base, accent });
}

function rmoveto({ flex }: Type1Target, [dx, dy]: Type1Operands): void {
  flex.move(dx, dy);
}

function hmoveto({ flex }: Type1Target, [dx]: Type1Operands): void {
  flex.move(dx, 0);
}

function vmoveto({ flex }: Type1Target, [dy]: Type1Operands): void {
  flex.move(0, dy);
}

function setcurrentpoint({ flex }: Type1Target): void {
  flex.setCurrentPoint();
}

function rlineto({ path }: Type1Target, [dx, dy]: Type1Operands): void {
  path.line(dx, dy);
}

function hlineto({ path }: Type1Target, [dx]: Type1Operands): void {
  path.line(dx, 0);
}

function vlineto({ path }: Type1Target, [dy]: Type1Operands): void {
  path.line(0, dy);
}

function rrcurveto({ path }: Type1Target, operands: Type1Operands): void {
  path.curve(...operands);
}

function vhcurveto({ path }: Type1Target, [dy1, dx2, dy2, dx3]: Type1Operands): void {
  path.curve(0, dy1, dx2, dy2, dx3, 0);
}

function hvcurveto({ path }: Type1Target, [dx1, dx2, dy2, dy3]: Type1Operands): void {
  path.curve(dx1, 0, dx2, dy2, 0, dy3);
}

function closepath({ path }: Type1Target): void {
  path.pen.close();
}
