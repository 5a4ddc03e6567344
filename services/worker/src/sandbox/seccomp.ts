import { ARCHITECTURES, ERRORS, REFUSED_CALLS } from './syscalls.js';
import type { Architecture, Exception, RefusedCall } from './syscalls.js';

/** Operation codes of classic BPF (linux/bpf_common.h): load a word, jump, return. */
const LOAD = 0x20;
const JUMP = 0x05;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_BITS = 0x45;
const RETURN = 0x06;

/** Offsets in `struct seccomp_data`. Both architectures are little-endian: the lower half of an argument comes first. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;
const SECOND_ARGUMENT = 24;

/** What the filter returns (linux/seccomp.h). An error's number is added to `REFUSE`. */
const ALLOW = 0x7fff0000;
const REFUSE = 0x00050000;
const KILL_PROCESS = 0x80000000;

/** Calls of x86-64 with 32-bit pointers have this bit in their number. */
const X32 = 0x40000000;

const INSTRUCTION_BYTES = 8;

/** An instruction of classic BPF. `ifTrue` and `ifFalse` are the numbers of instructions to skip. */
interface Instruction {
  readonly code: number;
  readonly ifTrue?: number;
  readonly ifFalse?: number;
  readonly value: number;
}

/**
 * Returns the seccomp filter of child processes as setpriv reads it, an array of `struct sock_filter`. It looks at the
 * architecture first, so that one program serves both, and kills a process that calls by any other convention.
 */
export function buildFilter(): Buffer {
  const blocks = (Object.keys(ARCHITECTURES) as Architecture[]).flatMap((architecture) => {
    const block = checksOf(architecture);
    const skip = { code: JUMP, value: block.length };
    return [{ code: JUMP_IF_EQUAL, value: ARCHITECTURES[architecture], ifTrue: 1 }, skip, ...block];
  });
  return encode([load(ARCHITECTURE), ...blocks, returns(KILL_PROCESS)]);
}

function checksOf(architecture: Architecture): Instruction[] {
  const x32 = { code: JUMP_IF_AT_LEAST, value: X32, ifFalse: 1 };
  const calls: readonly RefusedCall[] = Object.values(REFUSED_CALLS);
  return [
    load(NUMBER),
    ...(architecture === 'x64' ? [x32, returns(REFUSE + ERRORS.ENOSYS)] : []),
    ...calls.flatMap((call) => checkOf(call, call[architecture])),
    returns(ALLOW),
  ];
}

function checkOf({ error, unless, commands }: RefusedCall, number: number | undefined): Instruction[] {
  if (number === undefined) return [];
  const exceptions = [...(unless ? exceptionOf(unless) : []), ...(commands ? allowAllBut(commands) : [])];
  const refusal = [...exceptions, returns(REFUSE + ERRORS[error])];
  return [{ code: JUMP_IF_EQUAL, value: number, ifFalse: refusal.length }, ...refusal];
}

function exceptionOf({ test, value }: Exception): Instruction[] {
  const code = test === 'equals' ? JUMP_IF_EQUAL : JUMP_IF_BITS;
  return [load(FIRST_ARGUMENT), { code, value, ifFalse: 1 }, returns(ALLOW)];
}

/** Allows the call unless its second argument is one of the commands, for which it skips to the next instruction. */
function allowAllBut(commands: readonly number[]): Instruction[] {
  const count = commands.length;
  const jumps = commands.map((value, index) => ({ code: JUMP_IF_EQUAL, value, ifTrue: count - index }));
  return [load(SECOND_ARGUMENT), ...jumps, returns(ALLOW)];
}

function load(offset: number): Instruction {
  return { code: LOAD, value: offset };
}

function returns(value: number): Instruction {
  return { code: RETURN, value };
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * INSTRUCTION_BYTES);
  for (const [index, { code, ifTrue = 0, ifFalse = 0, value }] of program.entries()) {
    const at = index * INSTRUCTION_BYTES;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(ifTrue, at + 2);
    bytes.writeUInt8(ifFalse, at + 3);
    bytes.writeUInt32LE(value, at + 4);
  }
  return bytes;
}
