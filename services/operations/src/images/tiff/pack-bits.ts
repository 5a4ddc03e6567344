const NO_OPERATION = 128;

/** Decodes PackBits data (TIFF 6.0, section 9) into `output` and returns how many bytes were decoded. */
export function decodePackBits(data: Uint8Array, output: Uint8Array): number {
  let written = 0;
  for (let at = 0; at < data.length && written < output.length;) {
    const control = data[at] ?? 0;
    if (control < NO_OPERATION) {
      const bytes = data.subarray(at + 1, Math.min(at + 2 + control, at + 1 + output.length - written));
      output.set(bytes, written);
      written += bytes.length;
      at += 2 + control;
    } else if (control === NO_OPERATION) at += 1;
    else {
      const end = Math.min(written + 257 - control, output.length);
      if (at + 1 >= data.length) return written;
      output.fill(data[at + 1] ?? 0, written, end);
      written = end;
      at += 2;
    }
  }
  return written;
}
