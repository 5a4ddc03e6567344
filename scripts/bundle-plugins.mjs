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

/** Bundles what our modules load with `createRequire(import.meta.url)('...')`, and finds their package.json in the bundle. */
export const withOwnFiles = {
  name: 'with-own-files',
  setup({ onLoad }) {
    onLoad({ filter: /[/]services[/][^/]+[/]dist[/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
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
