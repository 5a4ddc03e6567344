import { z } from 'zod';
import { archiveReport } from '../archive/report-schema.js';
import { bytes, count, encrypted, flagged, linearized, notes, pageNumber, shortened } from '../report-schema.js';

const reason = z.string().optional().meta({ description: 'Why it is kept' });
const objectNumber = z.int().meta({ description: 'Number of the PDF object' });

const image = z.object({
  page: pageNumber,
  object: objectNumber,
  width: count.meta({ description: 'In pixels, before' }),
  height: count.meta({ description: 'In pixels, before' }),
  dpi: z.int().optional().meta({ description: 'Lowest resolution at which the image is drawn, before' }),
  filter: z.string().meta({ description: 'Encoding before, such as DCTDecode' }),
  action: z.enum(['resampled', 'recompressed', 'converted', 'kept']),
  encoding: z.enum(['jpeg', 'flate', 'palette', 'jbig2', 'ccitt']).optional(),
  reason,
  colored: z.boolean().optional().meta({ description: 'Whether it may have colours that color_mode should remove' }),
  bytes_before: bytes,
  bytes_after: bytes,
});

const font = z.object({
  font: z.string().meta({ description: 'Name of the font' }),
  object: objectNumber,
  kind: z.string().optional().meta({ description: 'Kind of the font program, if it is understood' }),
  action: z.enum(['subset', 'kept']),
  reason,
  glyphs_before: count.optional(),
  glyphs_after: count.optional(),
  bytes_before: bytes,
  bytes_after: bytes,
  joined_with: objectNumber
    .optional()
    .meta({ description: 'The object of a subset of the same font whose program has the glyphs of this one too' }),
});

const colorProfiles = z.object({ count, stripped: count, bytes_before: bytes, bytes_after: bytes });

const target = z.object({
  bytes,
  met: z.boolean().meta({ description: 'Whether the result has at most this size' }),
  dpi: z.number().meta({ description: 'Resolution of the attempt that was written' }),
  image_quality: z.number().meta({ description: 'Quality of the attempt that was written' }),
});

/** The report about a PDF. */
export const compressReport = z
  .object({
    input_bytes: bytes,
    output_bytes: bytes,
    unchanged: z.boolean().meta({ description: 'Whether the result is the file as it was sent' }),
    reason: z
      .string()
      .optional()
      .meta({ description: 'Why the file is unchanged: "signed", "dry run" or "not smaller"' }),
    images: z.array(image).optional().meta({ description: 'The first images' }),
    image_counts: z
      .object({ resampled: count, recompressed: count, converted: count, kept: count })
      .optional()
      .meta({ description: 'Number of all images by what was done with them' }),
    fonts: z.array(font).optional().meta({ description: 'The first font programs' }),
    color_profiles: colorProfiles.optional(),
    streams: z.object({ repacked: count, saved_bytes: z.int() }).optional(),
    stripped_entries: count.optional().meta({ description: 'Entries that strip_metadata removed' }),
    dropped_objects: count.optional().meta({ description: 'Objects that nothing refers to' }),
    repaired: flagged('The file is damaged, and the result is repaired'),
    target: target.optional().meta({ description: 'Outcome of target_size' }),
    compressed_bytes: bytes.optional().meta({ description: 'Size that the result would have without dry_run' }),
    decrypted: flagged('The file was encrypted'),
    ...encrypted,
    ...linearized,
    notes: notes.optional(),
    ...shortened,
  })
  .meta({
    examples: [
      {
        input_bytes: 812_345,
        output_bytes: 120_456,
        unchanged: false,
        image_counts: { resampled: 3, recompressed: 0, converted: 0, kept: 1 },
        streams: { repacked: 12, saved_bytes: 3_210 },
        dropped_objects: 2,
      },
    ],
  });

/** The report about a ZIP, which several files give. */
export const compressArchiveReport = archiveReport(compressReport, {
  entry: { result: z.enum(['compressed', 'original']) },
  members: { unchanged: z.boolean().meta({ description: 'Whether all files are unchanged' }) },
}).meta({
  examples: [
    {
      input_bytes: 812_345,
      output_bytes: 120_700,
      files: [
        {
          index: 0,
          original_name: 'a.pdf',
          input_bytes: 90,
          error: { code: 'corrupt_pdf', detail: '"a.pdf" is empty.' },
        },
      ],
      unchanged: false,
    },
  ],
});
