import { readFileSync, writeFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/**
 * Environment variables of a child process for the allocator of glibc. Buffers below 1 MiB come from the heap, which
 * reuses its pages, because a page fault costs more than the work on a page. Larger buffers return to the system when they
 * are freed. So does free memory at the end of the heap if it exceeds 16 MiB.
 */
export const ALLOCATOR_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '16777216',
};

/**
 * Size of the old generation, in MiB, up to which V8 does not collect it. By default it begins with a few MiB, so that the
 * large buffers of a job make V8 mark the whole heap in almost every job.
 */
const INITIAL_OLD_SPACE_MIB = 64;
/** Maximum size of each half of the young generation, in MiB. The default of 16 holds more garbage and saves no time. */
const MAX_SEMI_SPACE_MIB = 8;

/**
 * Returns the arguments of Node for the heap of a child process, which has a limit in MiB. The compile cache of the image
 * must be filled with them, because Node keeps compiled code for each set of flags.
 */
export function heapFlags(limitMib: number): string[] {
  return [
    `--max-old-space-size=${limitMib}`,
    `--initial-old-space-size=${INITIAL_OLD_SPACE_MIB}`,
    `--max-semi-space-size=${MAX_SEMI_SPACE_MIB}`,
  ];
}

/** Resets the peak of a process's resident memory to its current value, if the system can (proc(5): clear_refs). */
export function resetPeakMemory(pid: number | 'self' = 'self'): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Without /proc, the peak counts from the start of the process.
  }
}

/** Returns the peak of a process's resident memory in bytes, or undefined if the system does not report it. */
export function readPeakMemory(pid: number | 'self' = 'self'): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    if (match) return Number(match[1]) * 1024;
  } catch {
    // This system has no /proc, or the process has ended.
  }
  return pid === 'self' ? process.resourceUsage().maxRSS * 1024 : undefined;
}

/** Returns a process's resident memory in bytes, or 0 if it has ended or the system does not report it. */
export function readResidentMemory(pid: number | undefined): number {
  try {
    const statm = readFileSync(`/proc/${pid}/statm`, 'latin1');
    return Number(statm.split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
