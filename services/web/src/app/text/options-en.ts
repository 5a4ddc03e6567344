/** How a parameter is shown. Parameters without an entry show their name and the description in the schema. */
export interface OptionText {
  readonly label: string;
  readonly help: string;
  readonly values?: Readonly<Record<string, string>>;
}

export type OptionTexts = Readonly<Record<string, OptionText>>;

export const optionsEn: OptionTexts = {
  output_name: { label: 'File name', help: 'Name of the result. Without one it is chosen automatically.' },
  output_password: {
    label: 'Protect with a password',
    help: 'The result is encrypted and opens only with this password.',
  },
  retain: { label: 'Keep for (seconds)', help: 'Time until the result is deleted from the server.' },
  bookmarks: {
    label: 'Bookmarks',
    help: 'How the bookmarks of the files appear in the result.',
    values: {
      nest: 'One per file, with its own below',
      preserve: 'As they are in the files',
      filenames: 'Only one per file',
      none: 'None',
    },
  },
  toc: { label: 'Table of contents', help: 'Starts the result with a page that links to each file.' },
  pad_to_even: {
    label: 'For double-sided printing',
    help: 'Adds a blank page after each file with an odd number of pages.',
  },
  collate: { label: 'Interleave the pages', help: 'Takes page 1 of each file, then page 2 of each, and so on.' },
  level: {
    label: 'Compression',
    help: 'Balance of size and quality of the images.',
    values: {
      screen: 'Small, for screens (96 dpi)',
      ebook: 'Balanced (144 dpi)',
      print: 'High quality, print (300 dpi)',
      lossless: 'Without any loss',
      max: 'Balanced, smaller (slower)',
    },
  },
  color_mode: {
    label: 'Colours',
    help: 'Fewer colours make scans much smaller.',
    values: { 'no-change': 'Keep', grayscale: 'Shades of grey', bitonal: 'Black and white' },
  },
  target_size: {
    label: 'Target size',
    help: 'Quality is lowered until the result fits. The report says whether it does.',
  },
  dpi: {
    label: 'Resolution (dpi)',
    help: 'Images above it are reduced to it. Replaces the one of the compression level.',
  },
  image_quality: { label: 'JPEG quality', help: '1 to 100. Replaces the one of the compression level.' },
  bilevel: {
    label: 'Black and white encoding',
    help: 'CCITT is for archives that do not allow JBIG2.',
    values: { jbig2: 'JBIG2 (smallest)', ccitt: 'CCITT Group 4' },
  },
  min_dpi: { label: 'Lowest resolution (dpi)', help: 'The target size never leads below it.' },
  min_quality: { label: 'Lowest JPEG quality', help: 'The target size never leads below it.' },
  strip_metadata: {
    label: 'Remove metadata',
    help: 'Removes title, author, thumbnails and colour profiles. Colours may change slightly.',
  },
  on_signed: {
    label: 'Signed files',
    help: 'A change invalidates signatures.',
    values: { keep: 'Return unchanged', compress: 'Remove signatures and compress' },
  },
  linearize: {
    label: 'Fast web view',
    help: 'A viewer shows the first page before the file is complete. The file may get a little larger.',
  },
  dry_run: { label: 'Only test', help: 'Reports what would be saved and returns the file unchanged.' },
  page_size: {
    label: 'Page size',
    help: 'Automatic makes each page as large as its image.',
    values: { auto: 'As the image', letter: 'Letter', legal: 'Legal' },
  },
  orientation: {
    label: 'Orientation',
    help: 'Automatic turns each page to suit its image.',
    values: { auto: 'Automatic', portrait: 'Portrait', landscape: 'Landscape' },
  },
  'image-to-pdf.dpi': {
    label: 'Resolution (dpi)',
    help: 'Determines how large an image is on its page. Automatic takes that of the file.',
  },
  margin: { label: 'Margin', help: 'Space around each image, for example 10mm.' },
  fit: {
    label: 'Fit',
    help: 'How an image fills its page.',
    values: {
      contain: 'Whole image',
      cover: 'Fill the page, cut off the rest',
      fill: 'Stretch',
      shrink: 'Only reduce',
    },
  },
  background: { label: 'Background', help: 'Colour behind transparent images, such as white or #ffeecc.' },
  frames: {
    label: 'Animations',
    help: 'Which frames become pages.',
    values: { all: 'All frames', first: 'First frame' },
  },
  combine: { label: 'One PDF for all images', help: 'Without it, a ZIP holds a PDF for each image.' },
};
