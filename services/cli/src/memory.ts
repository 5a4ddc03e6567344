import { readFileSync, writeFileSync } from 'node:fs';

/** Sets the peak of resident memory back to what is in use now, where the system can (Linux, proc(5): clear_refs). */
export function resetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere the peak is that of the whole process: better than nothing, and it can only be too high.
  }
}

/** Peak of resident memory in bytes, of this process or another one; undefined where the system does not tell. */
export function readPeakMemory(pid: number | 'self' = 'self'): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    if (match) return Number(match[1]) * 1024;
  } catch {
    // No /proc here.
  }
  return pid === 'self' ? process.resourceUsage().maxRSS * 1024 : undefined;
}
