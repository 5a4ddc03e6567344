#!/usr/bin/env node
// usage: LOGS | job-log.mjs ID   (logs.sh calls it)
// Prints the lines about one job: those with its id (the logs have the first 12 characters) and those of the calls that
// were about it, which other lines know by their request ids. What comes before the mark is sorted by time.
import { createInterface } from 'node:readline';

const MARK = '--- so far ---';
const SHORTEST = 6;
const LOGGED = 12;
const given = process.argv[2] ?? '';
if (!/^[0-9a-f]+$/.test(given) || given.length < SHORTEST) {
  process.stderr.write(`error: an id has 40 hexadecimal digits; the first ${SHORTEST} or more of them are enough\n`);
  process.exit(1);
}
const job = given.slice(0, LOGGED);
const requests = new Set();
const printed = new Set();
let earlier = [];

process.stdout.on('error', () => process.exit(0));
for await (const line of createInterface({ input: process.stdin })) {
  if (earlier !== undefined && line !== MARK) earlier.push(line);
  else if (line !== MARK) show(line);
  else {
    // Twice: a call's line may come before the one that says which job it was about.
    const all = earlier;
    earlier = undefined;
    all.forEach(learn);
    all
      .filter(isAbout)
      .sort((a, b) => timeOf(a) - timeOf(b))
      .forEach(print);
  }
}

/** The JSON of a line, which may have a container's name before it. */
function read(line) {
  try {
    return JSON.parse(line.slice(line.indexOf('{')));
  } catch {
    return {};
  }
}

function learn(line) {
  const { job_id: id = '', request_id: request } = read(line);
  if (id.startsWith(job) && request) requests.add(request);
}

function isAbout(line) {
  const { job_id: id = '', request_id: request, path = '' } = read(line);
  return id.startsWith(job) || requests.has(request) || path.startsWith(`/api/jobs/${job}`);
}

function show(line) {
  learn(line);
  if (isAbout(line)) print(line);
}

function print(line) {
  // Compose clears the terminal's line before each that it follows. Nothing that a client has chosen may steer the terminal.
  const text = line.replace(/^\p{C}\[2K/u, '').replace(/\p{C}/gu, '?');
  if (printed.has(text)) return;
  printed.add(text);
  process.stdout.write(`${text}\n`);
}

function timeOf(line) {
  return Date.parse(read(line).time) || 0;
}
