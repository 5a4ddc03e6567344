// Usage: node scripts/sum-reports.mjs REPORTS LOGS
// Sums the JSON reports that Jest left in REPORTS. Explains every failure: first each failing test, then each failed
// step (LOGS/NAME.log.end holds "STATUS SECONDS COMMAND") with the end of its log and the command that runs only this step.
// The last line is "N passed, N failed"; the exit code is 1 if anything failed. A test file that could not run is one
// failure, and so is a step that failed without a failing test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const [reportsFolder, logsFolder] = process.argv.slice(2);
const LOG_LINES = 15;
const MESSAGE_LINES = 12;

const filesOf = (folder, ending) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => ({ name: file.slice(0, -ending.length), text: readFileSync(join(folder, file), 'utf8') }));

const reports = filesOf(reportsFolder, '.json').map(({ name, text }) => ({ name, ...JSON.parse(text) }));
const steps = filesOf(logsFolder, '.log.end').map(({ name, text }) => {
  const [status, seconds, ...command] = text.trim().split(' ');
  return { name, failed: status !== '0', seconds: Number(seconds), command: command.join(' ') };
});

const sum = (counts) => counts.reduce((total, count) => total + count, 0);
const passed = sum(reports.map((report) => report.numPassedTests));
const failedTests = sum(reports.map((report) => report.numFailedTests + report.numRuntimeErrorTestSuites));
const failedSteps = steps.filter((step) => step.failed);
const failed = Math.max(failedTests, failedSteps.length);

for (const { name, testResults } of reports) {
  for (const file of testResults.filter(({ status }) => status === 'failed')) explainFile(name, file);
}
for (const step of failedSteps) explainStep(step);
console.log(steps.map(({ command, seconds }) => `${command} ${seconds} s`).join(', '));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function explainFile(report, { name, message, assertionResults }) {
  const path = relative(process.cwd(), name);
  const failures = assertionResults.filter(({ status }) => status === 'failed');
  for (const { fullName, failureMessages } of failures) {
    console.log(`\n== FAILED TEST (${report}) ${path}: ${fullName}\n${head(failureMessages.join('\n'))}`);
  }
  if (failures.length === 0) console.log(`\n== FAILED TEST FILE (${report}) ${path}\n${head(message)}`);
}

function explainStep({ name, command }) {
  const log = readFileSync(join(logsFolder, `${name}.log`), 'utf8')
    .trimEnd()
    .split('\n');
  console.log(`\n== FAILED STEP ${command}\n${log.slice(-LOG_LINES).join('\n')}\n== run it alone: ${command}`);
}

function head(text) {
  return text.split('\n').slice(0, MESSAGE_LINES).join('\n');
}
