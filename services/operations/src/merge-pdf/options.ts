import { z } from 'zod';
import { flag, jsonText, oneOf, outputPassword } from '../params.js';

/** Characters of a list of page ranges, and of a title or password. */
const MAX_RANGES = 10_000;
const MAX_TEXT = 1_000;

/** Pages of one file. */
const item = z.strictObject({
  file: z
    .int('must be the position of a file in the request, from 0')
    .min(0, 'must be the position of a file in the request, from 0')
    .meta({ description: 'Position of the file in the request, from 0' }),
  pages: z
    .string()
    .max(MAX_RANGES)
    .optional()
    .meta({
      description:
        'Pages and ranges, separated by commas, such as 1-3,7-,r1. Pages count from 1. r1 is the last page, r2 the one ' +
        'before. 7- ends at the last page, -3 starts at the first, and 5-3 counts backwards. All pages by default',
    }),
  rotate: z
    .literal([0, 90, 180, 270, -90], 'must be a multiple of 90 from -90 to 270')
    .default(0)
    .meta({ description: 'Degrees clockwise to rotate the pages by' }),
  password: z.string().max(MAX_TEXT).optional().meta({ description: 'Password of an encrypted file', secret: true }),
  title: z
    .string()
    .min(1, 'must not be empty')
    .max(MAX_TEXT)
    .optional()
    .meta({ description: 'Title of the bookmark of the file' }),
});

export type MergeItem = z.output<typeof item>;

const MAX_ITEMS = 2_000;

export const mergeParams = z.object({
  items: jsonText(z.array(item).max(MAX_ITEMS), {
    default: [],
    description:
      'JSON array of the pages to take, in order. Each entry is an object with "file" and optionally "pages", "rotate", ' +
      '"password" and "title". A file may occur more than once. By default all pages of all files are taken',
  }),
  bookmarks: oneOf(['nest', 'preserve', 'filenames', 'none'], {
    default: 'nest',
    description:
      'nest puts the bookmarks of each file under one for the file, preserve keeps them as they are, filenames adds only one per file, none removes them',
  }),
  pad_to_even: flag({
    default: false,
    description: 'Add a blank page after each file with an odd number of pages, for double-sided printing',
  }),
  toc: flag({ default: false, description: 'Start with a table of contents that links to each file' }),
  collate: flag({
    default: false,
    description: 'Interleave the pages: the first page of each file, then the second page of each, and so on',
  }),
  order: oneOf(['upload', 'natural'], {
    default: 'upload',
    description: 'Order of the files if items is not given: as sent, or by name with numbers in numeric order',
  }),
  linearize: flag({
    default: false,
    description: 'Arrange the result so that a viewer shows the first page before the file is complete (fast web view)',
  }),
  output_password: outputPassword(),
});

export type MergeParams = z.output<typeof mergeParams>;
