import { z } from 'zod';
import { flag, jsonText, oneOf, outputPassword } from '../params.js';

/** Most characters of a list of page ranges, and of a title or password. */
const MAX_RANGES = 10_000;
const MAX_TEXT = 1_000;

const tooLong = (most: number): string => `must have at most ${most} characters`;

/** What is taken of one file. */
const item = z.strictObject({
  file: z.int().min(0).meta({ description: 'Position of the file in the request, from 0' }),
  pages: z
    .string()
    .max(MAX_RANGES, tooLong(MAX_RANGES))
    .optional()
    .meta({ description: 'Such as 1-3,7-,r1 (r1 is the last); all without it' }),
  rotate: z
    .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270), z.literal(-90)])
    .default(0)
    .meta({ description: 'Degrees clockwise by which the pages are turned' }),
  password: z
    .string()
    .max(MAX_TEXT, tooLong(MAX_TEXT))
    .optional()
    .meta({ description: 'Of an encrypted file', secret: true }),
  title: z
    .string()
    .min(1)
    .max(MAX_TEXT, tooLong(MAX_TEXT))
    .optional()
    .meta({ description: 'What the bookmark of the file is called' }),
});

export type MergeItem = z.output<typeof item>;

/** Most items of a request. */
const MAX_ITEMS = 2_000;

export const mergeParams = z.object({
  items: jsonText(z.array(item).max(MAX_ITEMS, `must have at most ${MAX_ITEMS} entries`), {
    default: [],
    description:
      'JSON array of what is taken, in its order: {"file", "pages", "rotate", "password", "title"}, a file may stand in it more than once; without it all pages of all files',
  }),
  bookmarks: oneOf(['nest', 'preserve', 'filenames', 'none'], {
    default: 'nest',
    description: 'Bookmarks of the files under one for each file, as they are, one for each file alone, or none',
  }),
  pad_to_even: flag({
    default: false,
    description: 'Add a blank page after an odd number of pages of a file, for duplex',
  }),
  toc: flag({ default: false, description: 'Begin with a linked page of contents' }),
  collate: flag({ default: false, description: 'Take pages in turn: the first of each file, the second of each, …' }),
  order: oneOf(['upload', 'natural'], {
    default: 'upload',
    description: 'Order of the files where no items are given: as sent, or by name with numbers counted (2 before 10)',
  }),
  output_password: outputPassword(),
});

export type MergeParams = z.output<typeof mergeParams>;
