import { z } from 'zod';

/** Parts of the schemas of reports. A report may get further members in later versions. */

export const count = z.int().min(0);
export const bytes = z.int().min(0);

export const position = z.int().min(0).meta({ description: 'Position of the file in the request, from 0' });
export const pageNumber = z.int().min(1).meta({ description: 'Page of the document, from 1' });

export const notes = z.array(z.string()).meta({ description: 'What a reader of the result should know, in English' });

/** A member that is either true or missing. */
export function flagged(description: string) {
  return z.literal(true).optional().meta({ description });
}

/** The member that every report may have (`boundReport`). */
export const shortened = {
  shortened: flagged(
    'The report was too long. Long texts are cut, and the last entries of lists and objects are missing',
  ),
};

export const encrypted = { encrypted: flagged('The result is encrypted with output_password') };
export const linearized = { linearized: flagged('The result is linearized (fast web view)') };
