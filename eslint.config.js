import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // openapi-typescript writes schema.ts.
  { ignores: ['**/dist/', '**/bundle/', '**/node_modules/', '.run/', 'services/web/src/app/api/schema.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
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
  // Functions that run in the page.
  {
    files: ['test/web/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['window', 'document', 'localStorage', 'sessionStorage', 'getComputedStyle', 'dispatchEvent', 'File'],
          ...['XMLHttpRequest', 'DataTransfer', 'ClipboardEvent', 'DragEvent', 'FormData', 'Blob'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
