import { availableParallelism } from 'node:os';

/** Tests run on what ships: the compiled files, as native ES modules. `npm run build` comes first. */
const common = { testEnvironment: 'node', transform: {}, resetMocks: true };

export default {
  // Integration tests wait for processes most of their time.
  maxWorkers: 2 * availableParallelism(),
  // Far more than any takes: who waits too short a time tests the machine.
  testTimeout: 180_000,
  // A test that fails may leave a process behind: the run still has to end.
  forceExit: true,
  projects: [
    { ...common, displayName: 'unit', roots: ['<rootDir>/services'], testMatch: ['**/dist/**/*.test.js'] },
    {
      ...common,
      displayName: 'integration',
      roots: ['<rootDir>/test'],
      testMatch: ['**/dist/integration/**/*.test.js'],
    },
    { ...common, displayName: 'fidelity', roots: ['<rootDir>/test'], testMatch: ['**/dist/fidelity/**/*.test.js'] },
    { ...common, displayName: 'storage', roots: ['<rootDir>/test'], testMatch: ['**/dist/storage/**/*.test.js'] },
    { ...common, displayName: 'stack', roots: ['<rootDir>/test'], testMatch: ['**/dist/stack/**/*.test.js'] },
    {
      ...common,
      displayName: 'monitoring',
      roots: ['<rootDir>/test'],
      testMatch: ['**/dist/monitoring/**/*.test.js'],
    },
    {
      ...common,
      displayName: 'web',
      roots: ['<rootDir>/test/web'],
      testMatch: ['<rootDir>/test/web/*.test.mjs'],
      moduleFileExtensions: ['mjs', 'js', 'json', 'node'],
    },
    {
      ...common,
      displayName: 'kubernetes',
      roots: ['<rootDir>/test/kubernetes'],
      testMatch: ['<rootDir>/test/kubernetes/*.test.mjs'],
      moduleFileExtensions: ['mjs', 'js', 'json', 'node'],
    },
    { ...common, displayName: 'chaos', roots: ['<rootDir>/test'], testMatch: ['**/dist/chaos/**/*.test.js'] },
    { ...common, displayName: 'tls', roots: ['<rootDir>/test'], testMatch: ['**/dist/tls/**/*.test.js'] },
    { ...common, displayName: 'hostile', roots: ['<rootDir>/test'], testMatch: ['**/dist/hostile/**/*.test.js'] },
  ],
};
