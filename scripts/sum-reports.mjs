// Usage: node scripts/sum-reports.mjs FOLDER BROKEN_STEPS
// Sums Jest's JSON reports. Prints "N passed, N failed"; exit code 1 when anything failed.
// A suite that could not run is one failure; so are the steps that broke without a report saying why.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, brokenSteps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
}
failed = Math.max(failed, Number(brokenSteps));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
