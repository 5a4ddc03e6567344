/** Small buffers share memory of up to 64 KiB (Buffer.poolSize), and the garbage collector frees them in time. */
const MIN_BYTES = 128 * 1024;

/** `transfer` exists from Node 22 on. */
type Memory = ArrayBufferLike & { transfer?: (bytes: number) => unknown };

/**
 * Frees the memory of a large buffer that nothing uses any more, together with all views of it. Otherwise the memory stays
 * until a garbage collection, and large buffers make V8 collect its whole heap for almost every image.
 */
export function releaseMemory({ buffer }: Uint8Array): void {
  const memory: Memory = buffer;
  if (memory.byteLength >= MIN_BYTES) memory.transfer?.(0);
}
