import { z } from 'zod';
import { archiveReport } from '../archive/report-schema.js';
import { count, encrypted, notes, pageNumber, position, shortened } from '../report-schema.js';

const image = z.object({
  file: position,
  page: pageNumber,
  width: count.meta({ description: 'In pixels' }),
  height: count.meta({ description: 'In pixels' }),
  dpi: z
    .array(z.number())
    .length(2)
    .optional()
    .meta({ description: 'Horizontal and vertical resolution that the file declares, in pixels per inch' }),
  filter: z.string().meta({ description: 'Encoding of the image in the PDF, such as DCTDecode' }),
  encoding: z
    .enum(['kept', 're-encoded'])
    .meta({ description: 'Whether the image data of the file are kept. They are re-encoded without loss' }),
  notes: notes.optional(),
});

const file = z.object({
  index: position,
  name: z.string(),
  pages: count,
  frames_left_out: count.optional().meta({ description: 'Images of the file without a page' }),
  notes: notes.optional(),
});

/** The report about a PDF. */
export const imageReport = z
  .object({
    files: z.array(file).meta({ description: 'In the order of the request' }),
    pages: count,
    images: z.array(image).meta({ description: 'The first images, one for each page' }),
    notes: notes.optional(),
    ...encrypted,
    ...shortened,
  })
  .meta({
    examples: [
      {
        files: [{ index: 0, name: 'scan.jpg', pages: 1 }],
        pages: 1,
        images: [
          { file: 0, page: 1, width: 1654, height: 2339, dpi: [200, 200], filter: 'DCTDecode', encoding: 'kept' },
        ],
      },
    ],
  });

/** The report about a ZIP, which `combine=false` gives. */
export const imageArchiveReport = archiveReport(imageReport, { entry: {}, members: {} }).meta({
  examples: [{ input_bytes: 90_000, output_bytes: 91_400, files: [] }],
});
