#!/usr/bin/env node
// Usage: build.mjs
// Builds the page into dist/page, and the page for operators into dist/operators: index.html and assets/, whose names contain
// a hash of their content. Each text has a copy that is compressed with gzip. Needs the compiled operations
// (services/operations/dist).
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FORMATS } from '@pdf-tools/operations/formats';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import { build } from 'esbuild';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(fileURLToPath(new URL('.', import.meta.url)));

const PAGE = { folder: 'dist/page', source: 'src/app', address: '/assets/' };
const OPERATORS = { folder: 'dist/operators', source: 'src/app/operators', address: '/admin/assets/' };
/** Returns a folder of this process, because several commands may build at the same time. */
const outOf = ({ folder }) => `${folder}.${process.pid}`;
const OUT = outOf(PAGE);
const PDFJS = join(root, 'node_modules/pdfjs-dist');
/** Packages of which the page contains code. */
const PACKAGES = ['preact', '@preact/signals', '@preact/signals-core', 'pdfjs-dist'];
/** Smaller files are not compressed. */
const MIN_COMPRESSED_BYTES = 1_024;

process.once('exit', () => {
  for (const page of [PAGE, OPERATORS]) rmSync(outOf(page), { recursive: true, force: true });
});
for (const page of [PAGE, OPERATORS]) mkdirSync(`${outOf(page)}/assets`, { recursive: true });
const modules = { operations: describeOperations(), pdfjs: copyPdfJs() };
/** Resolves `built:NAME` to the constants of `modules`. */
const builtModules = {
  name: 'built-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^built:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'built' }));
    onLoad({ filter: /.*/, namespace: 'built' }, ({ path }) => ({
      contents: Object.entries(modules[path])
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n'),
    }));
  },
};

/**
 * pdf.js 5.4 keeps the number of pages in static fields, so that a document cannot be read while another one with fewer pages is
 * open. Gives each document fields of its own.
 */
const separateDocuments = {
  name: 'separate-documents',
  setup({ onLoad }) {
    onLoad({ filter: /pdfjs-dist\/build\/pdf\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [mapper] = /^class PagesMapper \{\n[^]*?\n\}/m.exec(text) ?? [];
      if (!mapper?.includes('static #pagesNumber')) throw new Error('pdf.js has changed. Check separateDocuments.');
      const own = mapper.replaceAll('static #', '#').replaceAll('PagesMapper.#', 'this.#');
      const contents = text.replace(mapper, () => own).replaceAll('= PagesMapper.instance;', '= new PagesMapper();');
      return { contents, loader: 'js' };
    });
  },
};

for (const page of [PAGE, OPERATORS]) {
  const assets = await bundle(page);
  assets.LICENSES = writeHashed('licenses', 'txt', licenseTexts(), outOf(page));
  const html = readFileSync(`${page.source}/index.html`, 'utf8');
  writeFileSync(
    `${outOf(page)}/index.html`,
    html.replace(/%([A-Z]+)%/g, (_whole, name) => page.address + assets[name]),
  );
  compress(outOf(page));
  publish(page);
}

/** Replaces a page unless it is the same. index.html contains the hashes of all files. */
function publish(page) {
  const [before, now] = [page.folder, outOf(page)].map((folder) => join(folder, 'index.html'));
  if (existsSync(before) && readFileSync(before).equals(readFileSync(now))) return;
  rmSync(page.folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    renameSync(outOf(page), page.folder);
  } catch (thrown) {
    // Another process has built the same page meanwhile.
    if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw thrown;
  }
}

/** Everything that the page needs to know about the operations. */
function describeOperations() {
  const operations = Object.entries(OPERATIONS).map(([name, { title, summary, accepts, params }]) => [
    name,
    {
      title,
      summary,
      field: accepts.field,
      maxFiles: accepts.maxFiles,
      formats: accepts.formats.map((format) => {
        const { label, mediaType, extension } = FORMATS[format];
        return { label, mediaType, extension };
      }),
      params: describeParams(params),
    },
  ]);
  return { operations: Object.fromEntries(operations) };
}

/** Parameters of an operation, and the options of every operation that the page offers. */
function describeParams(params) {
  const { properties = {} } = z.toJSONSchema(params, { io: 'output', unrepresentable: 'any' });
  return { ...properties, output_name: { type: 'string', default: '', description: 'File name of the result' } };
}

/** Copies what pdf.js loads on demand, and returns the addresses. */
function copyPdfJs() {
  const worker = writeHashed('pdf.worker', 'js', readFileSync(join(PDFJS, 'build/pdf.worker.min.mjs')));
  const folders = { standardFontsUrl: 'standard_fonts', cMapsUrl: 'cmaps' };
  const urls = Object.entries(folders).map(([name, folder]) => [name, copyFolder(folder, () => true)]);
  const decodersUrl = copyFolder('wasm', (file) => file.endsWith('_nowasm_fallback.js'));
  return { workerUrl: `/assets/${worker}`, ...Object.fromEntries(urls), decodersUrl };
}

/** Copies files of a folder of pdf.js into a folder that is named after its version. */
function copyFolder(folder, filter) {
  const { version } = JSON.parse(readFileSync(join(PDFJS, 'package.json'), 'utf8'));
  const target = `${folder}-${version}`;
  const names = readdirSync(join(PDFJS, folder)).filter((name) => !name.startsWith('LICENSE') && filter(name));
  mkdirSync(`${OUT}/assets/${target}`);
  for (const name of names) cpSync(join(PDFJS, folder, name), `${OUT}/assets/${target}/${name}`);
  return `/assets/${target}/`;
}

/** Bundles a page and returns the names of its assets. */
async function bundle(page) {
  const { metafile } = await build({
    absWorkingDir: process.cwd(),
    entryPoints: { app: `${page.source}/main.tsx` },
    outdir: `${outOf(page)}/assets`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [builtModules, separateDocuments],
  });
  const [script, { cssBundle }] = Object.entries(metafile.outputs).find(([, output]) =>
    output.entryPoint?.endsWith('main.tsx'),
  );
  const icon = writeHashed('icon', 'svg', readFileSync('src/app/icon.svg'), outOf(page));
  return { SCRIPT: basename(script), STYLE: basename(cssBundle), ICON: icon };
}

/** Writes an asset and returns its name. */
function writeHashed(name, extension, content, folder = OUT) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const file = `${name}-${hash}.${extension}`;
  writeFileSync(`${folder}/assets/${file}`, content);
  return file;
}

/** Licences of the packages, and of the fonts, character maps and decoders that pdf.js contains. */
function licenseTexts() {
  const packages = PACKAGES.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `--- ${name}@${version} (${license})\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`;
  });
  const parts = ['standard_fonts', 'cmaps', 'wasm'].flatMap((folder) =>
    readdirSync(join(PDFJS, folder))
      .filter((name) => name.startsWith('LICENSE'))
      .map((name) => `--- pdfjs-dist, ${folder}/${name}\n\n${readFileSync(join(PDFJS, folder, name), 'utf8')}`),
  );
  return [...packages, ...parts].join('\n');
}

/** Writes NAME.gz beside each text. Fonts and character maps are compressed already. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(html|js|css|svg|txt)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    if (content.length >= MIN_COMPRESSED_BYTES) writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}
