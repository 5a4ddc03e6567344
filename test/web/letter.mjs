import { PDFDocument, StandardFonts, rgb } from 'pdf-lib';
import sharp from 'sharp';

const LINES = [
  'The survey of the site is complete. The photo shows the area in the',
  'resolution of the camera. It is far above the resolution that a screen',
  'or a printer shows, so the image is the larger part of this file.',
  'Text, fonts and links stay as they are.',
];

const LANDSCAPE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 240" width="3600" height="2400">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#2f5f9e"/><stop offset=".6" stop-color="#e9b48a"/><stop offset="1" stop-color="#f6dfb8"/>
    </linearGradient>
    <radialGradient id="sun"><stop offset="0" stop-color="#fff6d8"/><stop offset="1" stop-color="#fff6d800"/></radialGradient>
  </defs>
  <rect width="360" height="240" fill="url(#sky)"/>
  <circle cx="250" cy="120" r="60" fill="url(#sun)"/>
  <path d="M0 150 40 120 75 140 120 95 165 145 210 118 260 152 310 112 360 146V240H0z" fill="#6c7fa8"/>
  <path d="M0 178 60 150 110 176 170 148 230 182 290 154 360 184V240H0z" fill="#3f5a63"/>
  <path d="M0 205Q90 176 180 202T360 198V240H0z" fill="#2b4a36"/>
  <path d="M0 226Q110 204 200 222T360 216V240H0z" fill="#1c3426"/>
</svg>`;

/** A photo of a landscape, with the grain of a camera. */
async function landscape() {
  const size = { width: 3600, height: 2400 };
  const noise = { type: 'gaussian', mean: 128, sigma: 14 };
  const grain = sharp({ create: { ...size, channels: 3, background: '#808080', noise } });
  const overlay = [{ input: await grain.png().toBuffer(), blend: 'soft-light' }];
  return sharp(Buffer.from(LANDSCAPE)).flatten().composite(overlay).jpeg({ quality: 92 }).toBuffer();
}

/** A report of two pages with text and a photo in the resolution of a camera. */
export async function letter() {
  const document = await PDFDocument.create();
  const [regular, bold] = await Promise.all(
    [StandardFonts.Helvetica, StandardFonts.HelveticaBold].map((font) => document.embedFont(font)),
  );
  const photo = await document.embedJpg(await landscape());
  for (const title of ['Report on the site', 'Appendix']) {
    const page = document.addPage([595, 842]);
    page.drawRectangle({ x: 60, y: 770, width: 36, height: 4, color: rgb(0.14, 0.34, 0.84) });
    page.drawText(title, { x: 60, y: 730, size: 24, font: bold });
    LINES.forEach((line, index) => page.drawText(line, { x: 60, y: 695 - 20 * index, size: 12, font: regular }));
    page.drawImage(photo, { x: 60, y: 270, width: 475, height: 317 });
  }
  return Buffer.from(await document.save());
}
