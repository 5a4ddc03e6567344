import { z } from 'zod';
import { count, encrypted, linearized, notes, position, shortened } from '../report-schema.js';

const file = z.object({
  index: position,
  name: z.string(),
  pages: count.meta({ description: 'Pages of the result that come from the file' }),
  not_kept: z.array(z.string()).optional().meta({ description: 'Parts of the file that the result does not have' }),
  renamed: z
    .record(z.string(), z.union([z.record(z.string(), z.string()), count]))
    .optional()
    .meta({
      description: 'New names by old names for each kind, such as "form fields", or their number if there are many',
    }),
  notes: notes.optional(),
});

/** The report of a merge. */
export const mergeReport = z
  .object({
    files: z.array(file).meta({ description: 'In the order of the request' }),
    pages: count,
    ...encrypted,
    ...linearized,
    notes: notes.optional(),
    ...shortened,
  })
  .meta({
    examples: [
      {
        files: [
          { index: 0, name: 'letter.pdf', pages: 2 },
          { index: 1, name: 'form.pdf', pages: 1, renamed: { 'form fields': { name: 'name_2' } } },
        ],
        pages: 3,
      },
    ],
  });
