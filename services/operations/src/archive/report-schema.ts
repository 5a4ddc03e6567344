import { z } from 'zod';
import { bytes, count, position, shortened } from '../report-schema.js';

/**
 * The schema of the report of `archiveResults`. `reportSchema` describes the report about one file, and `entry` and `members`
 * are what the operation adds to each file and to the whole.
 */
export function archiveReport<Report extends z.ZodObject, Entry extends z.ZodRawShape, Members extends z.ZodRawShape>(
  reportSchema: Report,
  { entry, members }: { readonly entry: Entry; readonly members: Members },
) {
  const written = z.object({
    index: position,
    name: z.string().meta({ description: 'Name of the PDF in the ZIP' }),
    original_name: z.string(),
    pages: count,
    input_bytes: bytes,
    output_bytes: bytes,
    ...entry,
    report: reportSchema,
  });
  const failed = z.object({
    index: position,
    original_name: z.string(),
    input_bytes: bytes,
    error: z.object({ code: z.string(), detail: z.string() }),
  });
  return z.object({
    input_bytes: bytes,
    output_bytes: bytes,
    failed_files: count.optional().meta({ description: 'Number of files that are not in the ZIP' }),
    files: z.array(z.union([written, failed])).meta({ description: 'In the order of the ZIP' }),
    ...members,
    ...shortened,
  });
}
