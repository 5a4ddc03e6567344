import { deflateSync } from 'node:zlib';

/** Size of the buffers that zlib writes its output to by default, and the minimum size. */
const [MAX_CHUNK_BYTES, MIN_CHUNK_BYTES] = [16_384, 64];
/** Bytes by which small data can grow if they cannot be compressed. */
const OVERHEAD_BYTES = 32;

/**
 * Deflates data at the best level (7.4.4). The output buffer of small data is small too, because a buffer of the default
 * size costs more than their compression.
 */
export function deflate(data: Uint8Array): Buffer {
  const chunkSize = Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, data.length + OVERHEAD_BYTES));
  return deflateSync(data, { level: 9, chunkSize });
}
