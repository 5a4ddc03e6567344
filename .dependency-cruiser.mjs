import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** The libraries of services/, each with the ones that it may import. Every other package there is a program. */
const LIBRARIES = { pdf: [], runtime: [], jobs: ['runtime'], operations: ['pdf', 'runtime'], web: [] };
/** A program imports the libraries in its package.json, except the engine: it reaches that through operations. */
const FOR_PROGRAMS = ['runtime', 'jobs', 'operations', 'web'];
/** The engine's folders. Each imports only folders of the rows before its own. */
const PDF_LAYERS = [
  ['syntax'],
  ['filters', 'encryption', 'images', 'fonts'],
  ['file'],
  ['document'],
  ['content'],
  ['writing'],
  ['copying'],
  ['linearization'],
];
/** npm packages that one place wraps: everything else uses the wrapper. */
const WRAPPED = {
  '@aws-sdk': 'services/runtime/src/s3/',
  '@opentelemetry': 'services/runtime/src/tracing.ts',
  'bee-queue': 'services/jobs/src/',
  'prom-client': 'services/runtime/src/metrics.ts',
  redis: 'services/runtime/src/redis.ts',
  winston: 'services/runtime/src/logger.ts',
};

const inRoot = (path) => new URL(path, import.meta.url);
const foldersWith = (parent, file) =>
  readdirSync(inRoot(parent)).filter((name) => existsSync(inRoot(`${parent}${name}/${file}`)));
const anyOf = (names) => `(${names.join('|')})`;
const TEST = '[.]test[.]ts$';

const SERVICES = foldersWith('services/', 'package.json');
const OPERATIONS = foldersWith('services/operations/src/', 'definition.ts');

function declared(service) {
  const { dependencies } = JSON.parse(readFileSync(inRoot(`services/${service}/package.json`), 'utf8'));
  return FOR_PROGRAMS.filter((name) => `@pdf-tools/${name}` in dependencies);
}

const arrows = SERVICES.map((service) => {
  const allowed = LIBRARIES[service] ?? declared(service);
  const others = anyOf(SERVICES.filter((other) => other !== service && !allowed.includes(other)));
  return {
    name: `${service}-imports`,
    comment: `${service} may import ${allowed.join(', ') || 'no other package'}: see "Layout" in CONTRIBUTING.md.`,
    severity: 'error',
    from: { path: `^services/${service}/src/`, pathNot: TEST },
    to: { path: `^(services/${others}/|@pdf-tools/${others}(/|$))` },
  };
});

const layers = PDF_LAYERS.flatMap((row, index) =>
  row.map((folder) => ({
    name: `pdf-${folder}-imports`,
    comment:
      'A folder of the engine imports only the folders listed before it: see "The PDF engine" in CONTRIBUTING.md.',
    severity: 'error',
    from: { path: `^services/pdf/src/${folder}/`, pathNot: TEST },
    to: {
      path: '^services/pdf/src/[^/]+/',
      pathNot: `^services/pdf/src/${anyOf([folder, ...PDF_LAYERS.slice(0, index).flat()])}/`,
    },
  })),
);

const wrapped = Object.entries(WRAPPED).map(([module, home]) => ({
  name: `${module}-is-wrapped`,
  comment: `${home} wraps ${module}: use what it exports.`,
  severity: 'error',
  from: { path: '^services/', pathNot: [`^${home}`, TEST] },
  to: { path: `(^|/)node_modules/${module}/` },
}));

const rules = [
  {
    name: 'pdf-folders-are-listed',
    comment: 'The folder has no place in the order of the engine: add it to PDF_LAYERS and to CONTRIBUTING.md.',
    severity: 'error',
    from: { path: '^services/pdf/src/[^/]+/', pathNot: [`^services/pdf/src/${anyOf(PDF_LAYERS.flat())}/`, TEST] },
    to: {},
  },
  {
    name: 'no-import-cycle',
    comment: 'Modules that import each other at run time start in an order that depends on who comes first.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'operations-are-separate',
    comment: 'An operation imports no other operation: move what they share to services/operations/src.',
    severity: 'error',
    from: { path: `^services/operations/src/${anyOf(OPERATIONS)}/`, pathNot: TEST },
    to: { path: `^services/operations/src/${anyOf(OPERATIONS)}/`, pathNot: '^services/operations/src/$1/' },
  },
  {
    name: 'only-the-registry-imports-operations',
    comment: 'Code that operations share takes an operation from registry.ts and names none.',
    severity: 'error',
    from: {
      path: '^services/operations/src/',
      pathNot: [`^services/operations/src/${anyOf(OPERATIONS)}/`, '^services/operations/src/registry[.]ts$', TEST],
    },
    to: { path: `^services/operations/src/${anyOf(OPERATIONS)}/` },
  },
  {
    name: 'http-imports-no-folder',
    comment: 'The other folders of the api build on http, so http imports none of them.',
    severity: 'error',
    from: { path: '^services/api/src/http/', pathNot: TEST },
    to: { path: '^services/api/src/[^/]+/', pathNot: '^services/api/src/http/' },
  },
  {
    name: 'packages-by-name',
    comment: 'Import another package by its name, not by a path into its sources.',
    severity: 'error',
    from: { path: '^(services/[^/]+|test)/' },
    to: { path: '^services/[^/]+/src/', pathNot: '^$1/' },
  },
  {
    name: 'no-test-code-in-services',
    comment: 'What ships imports no test and nothing from test/.',
    severity: 'error',
    from: { path: '^services/', pathNot: TEST },
    to: { path: `^test/|^@pdf-tools/(harness|test)(/|$)|${TEST}` },
  },
  {
    name: 'resolvable',
    comment: 'The import does not resolve. Is the package in package.json, and is its file in "exports"?',
    severity: 'error',
    from: { pathNot: '^test/(openapi/client|kubernetes/)' },
    // services/web/build.mjs makes these modules.
    to: { couldNotResolve: true, pathNot: '^built:' },
  },
];

export default {
  forbidden: [...arrows, ...layers, ...wrapped, ...rules],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    // A package of its own, which is not installed with the product.
    exclude: { path: '^test/web/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
