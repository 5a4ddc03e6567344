/** Undoes the multiplication of colours by associated alpha (TIFF 6.0, section 18) in place. */
export function divideByAlpha(
  colors: Uint8Array | Uint16Array,
  alpha: Uint8Array | Uint16Array,
  channels: number,
): void {
  const most = colors instanceof Uint16Array ? 65_535 : 255;
  for (const [pixel, opacity] of alpha.entries()) {
    if (opacity === 0 || opacity === most) continue;
    for (let at = pixel * channels; at < (pixel + 1) * channels; at += 1)
      colors[at] = Math.min(most, Math.round(((colors[at] ?? 0) * most) / opacity));
  }
}
