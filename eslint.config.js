import { existsSync, readdirSync } from 'node:fs';
import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Which packages a package may import: the arrows of the architecture. Tests may import all. */
const ARROWS = {
  pdf: [],
  runtime: [],
  jobs: ['runtime'],
  operations: ['pdf', 'runtime'],
  api: ['operations', 'jobs', 'runtime'],
  worker: ['operations', 'jobs', 'runtime'],
  cli: ['operations', 'runtime'],
  scheduler: ['jobs', 'runtime'],
};
const PACKAGES = [...Object.keys(ARROWS), 'harness'];

/** The folders of operations, which have a definition each. */
const OPERATIONS = readdirSync(new URL('services/operations/src', import.meta.url)).filter((name) =>
  existsSync(new URL(`services/operations/src/${name}/definition.ts`, import.meta.url)),
);

/** Modules that have one importer: what they are, and where they are wrapped. */
const WRAPPED = [
  {
    name: '@opentelemetry/api',
    message: 'services/runtime/src/tracing.ts wraps it.',
    home: 'services/runtime/src/tracing.ts',
  },
  { name: 'bee-queue', message: 'services/jobs/src/notifier.ts wraps it.', home: 'services/jobs/src/notifier.ts' },
  {
    name: 'prom-client',
    message: 'services/runtime/src/metrics.ts wraps it.',
    home: 'services/runtime/src/metrics.ts',
  },
  { name: 'redis', message: 'services/runtime/src/redis.ts wraps it.', home: 'services/runtime/src/redis.ts' },
  { name: 'winston', message: 'services/runtime/src/logger.ts wraps it.', home: 'services/runtime/src/logger.ts' },
];

const arrowRules = Object.entries(ARROWS).map(([name, allowed]) => ({
  files: [`services/${name}/src/**/*.ts`],
  ignores: [...WRAPPED.map(({ home }) => home), '**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: WRAPPED.map(({ name: module, message }) => ({ name: module, message })),
        patterns: PACKAGES.filter((other) => other !== name && !allowed.includes(other)).map((other) => ({
          group: [`@pdf-tools/${other}`, `@pdf-tools/${other}/*`],
          message: `${name} does not depend on ${other}: see "Layout" in CONTRIBUTING.md.`,
        })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.run/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    rules: {
      'max-lines': ['error', { max: 300 }],
      complexity: ['error', 12],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only a config.ts reads the environment: take what you need as an argument.',
        },
      ],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'import-x/no-extraneous-dependencies': 'error',
      'import-x/no-duplicates': 'error',
    },
  },
  ...arrowRules,
  {
    files: ['services/operations/src/*-*/**/*.ts'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: OPERATIONS.map((operation) => ({
            target: `./services/operations/src/${operation}`,
            from: './services/operations/src',
            except: [`./${operation}`, './images', './*.ts'],
            message: 'An operation imports no other operation: vocabulary they share moves up.',
          })),
        },
      ],
    },
  },
  {
    files: ['services/*/src/config.ts', 'services/*/src/main.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  // What tests import is installed at the root.
  { files: ['**/*.test.ts', 'test/**/*.ts'], rules: { 'import-x/no-extraneous-dependencies': 'off' } },
  { files: ['services/cli/src/**/*.ts', 'test/**/*.ts', 'scripts/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
