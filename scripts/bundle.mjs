#!/usr/bin/env node
// Usage: bundle.mjs [--modules] [--out FOLDER] [PROGRAM...]
// Bundles compiled programs (services/PROGRAM/dist/main.js) into services/PROGRAM/bundle, or FOLDER/PROGRAM. With --modules
// it also copies the packages that a bundle loads at run time, so that the folder runs without node_modules, as in an image.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { heapFlags } from '@pdf-tools/operations/process/memory';
import {
  BANNER,
  DEFINE,
  FOLDER,
  entryPoints,
  withOwnFiles,
  withoutLocales,
  withoutOperations,
} from './bundle-plugins.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { values, positionals } = parseArgs({
  options: { modules: { type: 'boolean', default: false }, out: { type: 'string' } },
  allowPositionals: true,
});

/** Heap limit in MiB of a process that fills the compile cache. Node uses the compiled code with other limits too. */
const HEAP_MIB = 512;
/** Packages with native code or WebAssembly. */
const EXTERNAL = ['sharp', '@cornerstonejs/codec-openjpeg', '@gfx/zopfli'];
/** Files that packages read from the folder of their own module. In a bundle that is the bundle's folder. */
const FILES = { 'bee-queue': { folder: 'lib/lua', extension: '.lua' } };
/** The forms in which our modules name a module that runs as a process, a folder of assets, and a file of a package. */
const CHILD = /new URL\('\.\/([\w-]+\.js)', import\.meta\.url\)/g;
const ASSETS = /new URL\(['"`]\.\/([\w-]+)\/[^)]+import\.meta\.url\)/g;
const PACKAGE_FILE = /createRequire\(import\.meta\.url\)\.resolve\('([^']+)'\)/g;

const programs = readdirSync('services').filter((name) => existsSync(`services/${name}/src/main.ts`));
for (const name of positionals.length > 0 ? positionals : programs) await bundle(name);

async function bundle(program) {
  const out = values.out === undefined ? `services/${program}/bundle` : join(values.out, program);
  const main = `services/${program}/dist/main.js`;
  const children = childrenOf(inputsOf(await run([main], { out, write: false })));
  rmSync(out, { recursive: true, force: true });
  const metafile = await run([main, ...children], { out, write: true });
  const inputs = inputsOf(metafile);
  const files = packageFilesOf(inputs);
  const external = closureOf(externalsOf(metafile));
  const installed = [...external, ...files.keys()];
  const packages = [...new Set([...inputs.map(packageFolderOf).filter(Boolean), ...installed])].sort();
  copyAssets(inputs, out);
  copyPackageFiles(metafile, out);
  if (values.modules) copyModules(out, external, files);
  writeJson(`${out}/package.json`, describe(program, installed, children));
  writeJson(`${out}/packages.json`, packages.map(nameAndVersion).sort());
  writeFileSync(`${out}/licenses.txt`, packages.map(licenseOf).join('\n'));
}

/** Only a child process runs operations. A program without children gets their definitions and no code that reads files. */
async function run(entries, { out, write }) {
  const plugins = [entryPoints, withoutLocales, withOwnFiles, ...(entries.length > 1 ? [] : [withoutOperations])];
  const { metafile } = await build({
    entryPoints: entries.map((path) => ({ in: `entry:${path}`, out: basename(path, '.js') })),
    outdir: out,
    write,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    banner: { js: BANNER },
    define: DEFINE,
    sourcemap: true,
    sourcesContent: false,
    // licenses.txt has the texts.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins,
  });
  return metafile;
}

/** The modules of which a bundle contains any code. */
function inputsOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs ?? {}));
  return [...new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))];
}

function childrenOf(inputs) {
  return [...new Set(findInOurs(inputs, CHILD).map(([path, name]) => join(dirname(path), name)))];
}

function findInOurs(inputs, pattern) {
  return inputs
    .filter((path) => path.startsWith('services/') && !packageFolderOf(path))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(pattern)].map(([, found]) => [path, found]));
}

/** The folder in node_modules of the package that a module belongs to; undefined for a module of this project. */
function packageFolderOf(path) {
  return /^(?:.*[/])?node_modules[/](?:@[^/]+[/])?[^/]+/.exec(path)?.[0];
}

function externalsOf({ outputs }) {
  const imports = Object.values(outputs).flatMap((output) => output.imports.filter(({ external }) => external));
  const names = imports.map(({ path }) => path.replace(/^node:/, '')).filter((name) => !builtinModules.includes(name));
  const folders = new Set(names.map((name) => packageFolderOf(`node_modules/${name}`)));
  // esbuild reports a missing package as an error unless the code catches it, which means that the package is optional.
  return [...folders].filter((folder) => existsSync(folder));
}

/** Files of packages that our modules look up, by the package's folder. */
function packageFilesOf(inputs) {
  const files = new Map();
  for (const [, found] of findInOurs(inputs, PACKAGE_FILE)) {
    const folder = packageFolderOf(`node_modules/${found}`);
    files.set(folder, [...(files.get(folder) ?? []), `node_modules/${found}`]);
  }
  return files;
}

/** The package folders with everything that they depend on, as far as it is installed for this platform. */
function closureOf(folders) {
  const found = new Set();
  const visit = (folder) => {
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const dependency = [`${folder}/node_modules/${name}`, `node_modules/${name}`].find((path) => existsSync(path));
      if (dependency) visit(dependency);
      else if (!(name in optionalDependencies)) throw new Error(`${folder} needs ${name}, which is not installed.`);
    }
  };
  folders.forEach(visit);
  return [...found];
}

function copyAssets(inputs, out) {
  const isCode = (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path);
  for (const [path, folder] of findInOurs(inputs, ASSETS))
    cpSync(join(dirname(path), folder), join(out, folder), { recursive: true, filter: isCode });
}

/** Copies what FILES names. Throws if another package reads files from the folder of its own module. */
function copyPackageFiles({ outputs }, out) {
  const chunks = Object.keys(outputs).filter((path) => path.endsWith('.js'));
  const modules = chunks.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split(/^\/\/ (?=\S+\.[cm]?js$)/m)
      .slice(1),
  );
  const readers = modules.filter((module) => module.includes(FOLDER)).map((module) => module.split('\n', 1)[0]);
  for (const path of readers) {
    const folder = packageFolderOf(path);
    const files = FILES[manifestOf(folder).name];
    if (!files) throw new Error(`${path} reads files from its own folder. Name them in FILES of scripts/bundle.mjs.`);
    const names = readdirSync(join(folder, files.folder)).filter((name) => name.endsWith(files.extension));
    for (const name of names) cpSync(join(folder, files.folder, name), join(out, name));
  }
}

function copyModules(out, external, files) {
  // A nested package is copied as a package of its own if something needs it.
  for (const folder of external)
    cpSync(folder, join(out, folder), {
      recursive: true,
      filter: (path) => !path.slice(folder.length).includes('node_modules'),
    });
  for (const [folder, paths] of files) {
    const described = ['package.json', ...readdirSync(folder).filter(isLegal)].map((name) => join(folder, name));
    for (const path of [...described, ...paths]) {
      mkdirSync(dirname(join(out, path)), { recursive: true });
      cpSync(path, join(out, path));
    }
  }
}

/** The package.json of a bundle: what is installed beside it, and the modules that run as processes with their flags. */
function describe(program, installed, children) {
  const { version, license } = manifestOf(`services/${program}`);
  const manifests = installed.filter((folder) => folder.lastIndexOf('node_modules/') === 0).map(manifestOf);
  const dependencies = Object.fromEntries(manifests.map((manifest) => [manifest.name, manifest.version]));
  const entries = ['main.js', ...children.map((path) => basename(path))];
  return { version, private: true, license, type: 'module', entries, childFlags: heapFlags(HEAP_MIB), dependencies };
}

function nameAndVersion(folder) {
  const { name, version } = manifestOf(folder);
  return `${name}@${version}`;
}

function licenseOf(folder) {
  const texts = readdirSync(folder)
    .filter(isLegal)
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return `--- ${nameAndVersion(folder)} (${manifestOf(folder).license ?? 'see below'})\n\n${texts.join('\n')}`;
}

function isLegal(name) {
  return /^(licen[cs]e|notice|copying)/i.test(name);
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
