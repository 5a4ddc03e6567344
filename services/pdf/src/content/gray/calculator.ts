import { Lexer, Token } from '../../syntax/lexer.js';
import type { Evaluate } from './functions.js';

const MAX_CODE_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
const MAX_STACK = 200;
const RADIANS = Math.PI / 180;

type Value = number | boolean;
/** An operator, an operand, or a procedure. */
type Instruction = Value | string | readonly Instruction[];

/**
 * Compiles a PostScript calculator function (7.10.5). Returns undefined if it is invalid. A failed evaluation has no
 * outputs.
 */
export function compileCalculator(code: Buffer): Evaluate | undefined {
  if (code.length > MAX_CODE_BYTES) return undefined;
  const lexer = new Lexer(code, 0);
  if (lexer.next() !== Token.Keyword || !lexer.is('{')) return undefined;
  const program = readProcedure(lexer, 0);
  if (!program) return undefined;
  return (inputs) => {
    const stack: Value[] = [...inputs];
    return run(program, stack) ? stack.map(Number) : [];
  };
}

function readProcedure(lexer: Lexer, depth: number): Instruction[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const instructions: Instruction[] = [];
  for (let token = lexer.next(); token !== Token.End; token = lexer.next()) {
    if (token === Token.Integer || token === Token.Real) instructions.push(Number.parseFloat(lexer.text()));
    else if (token !== Token.Keyword) return undefined;
    else if (lexer.is('}')) return instructions;
    else if (lexer.is('{')) {
      const inner = readProcedure(lexer, depth + 1);
      if (!inner) return undefined;
      instructions.push(inner);
    } else if (lexer.is('true') || lexer.is('false')) instructions.push(lexer.is('true'));
    else instructions.push(lexer.text());
  }
  return undefined;
}

/** Returns false if the program fails. */
function run(program: readonly Instruction[], stack: Value[]): boolean {
  for (const [at, instruction] of program.entries()) {
    if (stack.length > MAX_STACK) return false;
    if (typeof instruction === 'number' || typeof instruction === 'boolean') stack.push(instruction);
    else if (typeof instruction === 'string' && !runOperator(instruction, program, at, stack)) return false;
  }
  return true;
}

function runOperator(operator: string, program: readonly Instruction[], at: number, stack: Value[]): boolean {
  if (operator === 'if' || operator === 'ifelse') {
    const [first, second] = operator === 'if' ? [program[at - 1], []] : [program[at - 2], program[at - 1]];
    const chosen = stack.pop() === true ? first : second;
    return Array.isArray(chosen) && run(chosen, stack);
  }
  const arithmetic = ARITHMETIC.get(operator);
  if (!arithmetic) return runStackOperator(operator, stack);
  if (stack.length < arithmetic.length) return false;
  const operands = stack.splice(stack.length - arithmetic.length);
  stack.push(arithmetic(operands[0] ?? 0, operands[1] ?? 0));
  return true;
}

/** Table 42, stack operators. */
function runStackOperator(operator: string, stack: Value[]): boolean {
  if (operator === 'pop') return stack.pop() !== undefined;
  if (operator === 'dup') return copy(stack, 1);
  if (operator === 'copy') return copy(stack, Number(stack.pop()));
  if (operator === 'exch') return roll(stack, 2, 1);
  if (operator === 'index') {
    const value = stack.at(-1 - Number(stack.pop()));
    if (value === undefined) return false;
    stack.push(value);
    return true;
  }
  if (operator !== 'roll') return false;
  const by = Number(stack.pop());
  return roll(stack, Number(stack.pop()), by);
}

function copy(stack: Value[], count: number): boolean {
  if (!(count >= 0 && count <= stack.length)) return false;
  stack.push(...stack.slice(stack.length - count));
  return true;
}

function roll(stack: Value[], count: number, by: number): boolean {
  if (!(count >= 0 && count <= stack.length) || !Number.isInteger(by)) return false;
  if (count === 0) return true;
  const top = stack.splice(stack.length - count);
  const turn = ((by % count) + count) % count;
  stack.push(...top.slice(count - turn), ...top.slice(0, count - turn));
  return true;
}

type Unary = (x: Value) => Value;
type Binary = (x: Value, y: Value) => Value;

const unary = (compute: (x: number) => Value): Unary => {
  return (x) => compute(Number(x));
};
const binary = (compute: (x: number, y: number) => Value): Binary => {
  return (x, y) => compute(Number(x), Number(y));
};
/** Works on booleans and, bit by bit, on integers. */
const logical = (compute: (x: number, y: number) => number): Binary => {
  return (x, y) => (typeof x === 'boolean' ? compute(Number(x), Number(y)) !== 0 : compute(x, Number(y)));
};

/** Table 42. The number of parameters is the number of operands. */
const ARITHMETIC = new Map<string, Unary | Binary>([
  ['abs', unary(Math.abs)],
  ['neg', unary((x) => -x)],
  ['ceiling', unary(Math.ceil)],
  ['floor', unary(Math.floor)],
  ['round', unary((x) => Math.floor(x + 0.5))],
  ['truncate', unary(Math.trunc)],
  ['cvi', unary(Math.trunc)],
  ['cvr', unary((x) => x)],
  ['sqrt', unary((x) => Math.sqrt(Math.max(0, x)))],
  ['sin', unary((x) => Math.sin(x * RADIANS))],
  ['cos', unary((x) => Math.cos(x * RADIANS))],
  ['ln', unary(Math.log)],
  ['log', unary(Math.log10)],
  ['not', (x: Value) => (typeof x === 'boolean' ? !x : ~x)],
  ['add', binary((x, y) => x + y)],
  ['sub', binary((x, y) => x - y)],
  ['mul', binary((x, y) => x * y)],
  ['div', binary((x, y) => (y === 0 ? 0 : x / y))],
  ['idiv', binary((x, y) => (y === 0 ? 0 : Math.trunc(x / y)))],
  ['mod', binary((x, y) => (y === 0 ? 0 : x % y))],
  ['exp', binary((x, y) => x ** y)],
  ['atan', binary((x, y) => (Math.atan2(x, y) / RADIANS + 360) % 360)],
  ['bitshift', binary((x, y) => (y >= 0 ? x << y : x >> -y))],
  ['eq', (x, y) => x === y],
  ['ne', (x, y) => x !== y],
  ['gt', binary((x, y) => x > y)],
  ['ge', binary((x, y) => x >= y)],
  ['lt', binary((x, y) => x < y)],
  ['le', binary((x, y) => x <= y)],
  ['and', logical((x, y) => x & y)],
  ['or', logical((x, y) => x | y)],
  ['xor', logical((x, y) => x ^ y)],
]);
