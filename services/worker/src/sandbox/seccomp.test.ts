import { describe, expect, it } from '@jest/globals';
import { buildFilter } from './seccomp.js';
import { ARCHITECTURES, ERRORS, REFUSED_CALLS } from './syscalls.js';
import type { Architecture, RefusedCall } from './syscalls.js';

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const refusal = (error: keyof typeof ERRORS): number => 0x00050000 + ERRORS[error];

/** The data that the kernel gives a filter (linux/seccomp.h). */
function dataOf(architecture: number, number: number, first: bigint, second = 0n): Buffer {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(architecture, 4);
  data.writeBigUInt64LE(first, 16);
  data.writeBigUInt64LE(second, 24);
  return data;
}

/** Runs a classic BPF program as the kernel does (Documentation/networking/filter.rst). */
function interpret(program: Buffer, data: Buffer): number {
  let accumulator = 0;
  for (let at = 0; ; at += 8) {
    const [jumpTrue, jumpFalse] = [program.readUInt8(at + 2), program.readUInt8(at + 3)];
    const value = program.readUInt32LE(at + 4);
    const jump = (condition: boolean): void => {
      at += 8 * (condition ? jumpTrue : jumpFalse);
    };
    const code = program.readUInt16LE(at);
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x05) at += 8 * value;
    else if (code === 0x15) jump(accumulator === value);
    else if (code === 0x35) jump(accumulator >= value);
    else if (code === 0x45) jump((accumulator & value) !== 0);
    else if (code === 0x06) return value;
    else throw new Error(`an instruction of another kind: ${code}`);
  }
}

const filter = buildFilter();
const call = (architecture: Architecture, number: number, first = 0n, second = 0n): number =>
  interpret(filter, dataOf(ARCHITECTURES[architecture], number, first, second));

const CALLS = Object.entries(REFUSED_CALLS as Record<string, RefusedCall>);
/** Numbers of calls that Node needs, by architecture: read, write, openat, mmap, futex, execve, sched_getaffinity. */
const NEEDED = { x64: [0, 1, 257, 9, 202, 59, 204], arm64: [63, 64, 56, 222, 98, 221, 123] };

describe.each(['x64', 'arm64'] as const)('the system call filter on %s', (architecture) => {
  const present = CALLS.filter(([, refused]) => refused[architecture] !== undefined);

  it.each(present.filter(([, { unless, commands }]) => !unless && !commands))('refuses %s', (_name, refused) => {
    for (const argument of [0n, 1n, 0xffff_ffff_ffff_ffffn])
      expect(call(architecture, Number(refused[architecture]), argument)).toBe(refusal(refused.error));
  });

  it('allows clone for a thread, and refuses it for a process', () => {
    const number = REFUSED_CALLS.clone[architecture];
    // What glibc passes for a thread and for fork (SIGCHLD and flags for the thread id).
    expect(call(architecture, number, 0x3d0f00n)).toBe(ALLOW);
    expect(call(architecture, number, 0x1200011n)).toBe(refusal('EPERM'));
    // vfork of Node's libuv, and a flag in the upper half, which the kernel ignores.
    expect(call(architecture, number, 0x4111n)).toBe(refusal('EPERM'));
    expect(call(architecture, number, 0x1_0000_0000_0011n)).toBe(refusal('EPERM'));
  });

  it('allows prlimit64 for the process itself, and refuses it for any other', () => {
    const number = REFUSED_CALLS.prlimit64[architecture];
    expect(call(architecture, number, 0n)).toBe(ALLOW);
    for (const pid of [1n, 7n, 0xffff_ffffn]) expect(call(architecture, number, pid)).toBe(refusal('EPERM'));
  });

  // F_SETOWN, F_SETSIG and F_SETOWN_EX, beside F_GETFD, F_SETFL and F_DUPFD_CLOEXEC. FIOSETOWN and SIOCSPGRP, beside FIONBIO.
  it.each([
    ['fcntl', [8n, 10n, 15n], [1n, 4n, 1030n]],
    ['ioctl', [0x8901n, 0x8902n], [0x5421n]],
  ] as const)('refuses the commands of %s that make another process get signals', (name, refused, allowed) => {
    const number = REFUSED_CALLS[name][architecture];
    for (const command of refused) {
      expect(call(architecture, number, 3n, command)).toBe(refusal('EPERM'));
      expect(call(architecture, number, 3n, command + 0x1_0000_0000n)).toBe(refusal('EPERM'));
    }
    for (const command of allowed) expect(call(architecture, number, 3n, command)).toBe(ALLOW);
  });

  it('allows every other call', () => {
    const numbers = new Set(present.map(([, refused]) => refused[architecture]));
    for (let number = 0; number < 600; number++)
      if (!numbers.has(number)) expect([number, call(architecture, number)]).toEqual([number, ALLOW]);
    for (const number of NEEDED[architecture]) expect(call(architecture, number)).toBe(ALLOW);
  });

  it('has each number once', () => {
    const numbers = present.map(([, refused]) => refused[architecture]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('the system call filter', () => {
  it('refuses calls of x86-64 with 32-bit pointers', () => {
    expect(call('x64', 0x4000_0000 + 1)).toBe(refusal('ENOSYS'));
  });

  it('kills a process that calls by another convention, such as i386', () => {
    expect(interpret(filter, dataOf(0x40000003, 1, 0n))).toBe(KILL_PROCESS);
  });

  it('is short enough for the kernel', () => {
    expect(filter.length / 8).toBeLessThanOrEqual(4_096);
  });
});
