/** Tests run on what ships: the compiled files, as native ES modules. `npm run build` comes first. */
const common = { testEnvironment: 'node', transform: {}, resetMocks: true };

export default {
  projects: [
    { ...common, displayName: 'unit', roots: ['<rootDir>/services'], testMatch: ['**/dist/**/*.test.js'] },
    { ...common, displayName: 'integration', roots: ['<rootDir>/test/dist/integration'], testMatch: ['**/*.test.js'] },
    { ...common, displayName: 'stack', roots: ['<rootDir>/test/dist/stack'], testMatch: ['**/*.test.js'] },
  ],
};
