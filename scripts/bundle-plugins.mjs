// What bundle.mjs changes in the modules that it bundles.
import { readFileSync } from 'node:fs';

/** Stands for `__dirname` of a CommonJS package. */
export const FOLDER = 'bundleFolder';

export const DEFINE = { __dirname: FOLDER, __filename: FOLDER };

/** CommonJS packages call `require` for modules of Node. */
export const BANNER = `import { createRequire as createBundleRequire } from 'node:module';
const require = createBundleRequire(import.meta.url), ${FOLDER} = import.meta.dirname;`;

/**
 * Loads an entry through a module that turns on source maps for stacks, and the compile cache if Node has one (22.8 and
 * later). An entry that turns on the cache itself is bundled as it is.
 */
export const entryPoints = {
  name: 'entry-points',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^entry:/ }, ({ path }) => {
      const file = path.slice('entry:'.length);
      const isReady = readFileSync(file, 'utf8').includes('enableCompileCache');
      return isReady ? { path: `${process.cwd()}/${file}` } : { path: file, namespace: 'entry' };
    });
    onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
      contents: `import * as module from 'node:module';
        process.setSourceMapsEnabled(true);
        module.enableCompileCache?.(import.meta.dirname + '/.compile-cache');
        await import('./${path}');`,
      resolveDir: process.cwd(),
    }));
  },
};

/** zod's messages in other languages are half of its size. */
export const withoutLocales = replace('without-locales', {
  filter: /\/locales\/index\.js$/,
  importer: /[/]zod[/]v4[/]/,
  contents: 'export {};',
});

/** The half of an operation that reads files. */
export const withoutOperations = replace('without-operations', {
  filter: /^\.\/run\.js$/,
  importer: /[/]operations[/]dist[/][^/]+[/]definition\.js$/,
  contents: "throw new Error('This program does not run operations.'); export const run = undefined;",
});

const ENGINE_INDEX = 'services/pdf/dist/index.js';
const ENGINE_IMPORT = /^import \{([^}]*)\} from '@pdf-tools\/pdf';$/gm;

/** Returns the engine's modules by the names that its index exports. */
function readEngineExports() {
  const lines = readFileSync(ENGINE_INDEX, 'utf8').matchAll(/^export \{([^}]*)\} from '\.([^']+)';$/gm);
  return new Map([...lines].flatMap(([, names, path]) => split(names).map((name) => [name, path])));
}

/**
 * Replaces an import of the engine's index by imports of its modules. Otherwise esbuild puts all modules of the engine into
 * one chunk, and a merge would load the code for fonts and content streams.
 */
function importEngineModules(text, modules) {
  return text.replace(ENGINE_IMPORT, (_statement, names) => split(names).map(importName).join(' '));

  function importName(name) {
    const path = modules.get(name.split(' as ')[0]);
    if (!path) throw new Error(`${ENGINE_INDEX} does not export ${name} by its own name.`);
    return `import { ${name} } from '${process.cwd()}/services/pdf/dist${path}';`;
  }
}

function split(names) {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Bundles what our modules load with `createRequire(import.meta.url)('...')`, and finds their package.json in the bundle. */
export const withOwnFiles = {
  name: 'with-own-files',
  setup({ onLoad }) {
    const engine = readEngineExports();
    onLoad({ filter: /[/]services[/][^/]+[/]dist[/].*\.js$/ }, ({ path }) => ({
      contents: importEngineModules(readFileSync(path, 'utf8'), engine)
        .replaceAll("createRequire(import.meta.url)('", "require('")
        .replaceAll("new URL('../package.json', import.meta.url)", "new URL('./package.json', import.meta.url)"),
    }));
  },
};

/** A plugin that puts `contents` in the place of the modules that match `filter` and are imported by `importer`. */
function replace(name, { filter, importer, contents }) {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, (args) => (importer.test(args.importer) ? { path: name, namespace: name } : undefined));
      onLoad({ filter: /.*/, namespace: name }, () => ({ contents }));
    },
  };
}
