const COMPONENTS = new Map([
  ['GRAY', 1],
  ['RGB ', 3],
  ['CMYK', 4],
]);

/**
 * The profile if a PDF may use it for pictures of so many components (ISO 32000-2, 8.6.5.5), else undefined: the ICC
 * header must hold its size, the signature `acsp` and a matching colour space.
 */
export function usableProfile(profile: Uint8Array | undefined, components: number): Uint8Array | undefined {
  if (!profile || profile.length < 132) return undefined;
  const buffer = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  const size = buffer.readUInt32BE(0);
  if (size < 132 || size > profile.length || buffer.toString('latin1', 36, 40) !== 'acsp') return undefined;
  if (COMPONENTS.get(buffer.toString('latin1', 16, 20)) !== components) return undefined;
  return profile.subarray(0, size);
}
