// Usage: node scripts/measure-prose.mjs [FOLDER...]
// Counts `where` for if or when, and clauses joined by a colon, per 1,000 words of the comments in the TypeScript of the
// folders (services and test).
import { readFileSync, readdirSync } from 'node:fs';
import { commentBlocks } from './prose/prose.mjs';
import { WORD_RULES } from './prose/word-rules.mjs';

const COLON = /[^\s:]: (?=[a-z`"'(])/g;
const WHERE = WORD_RULES.filter(({ name }) => name.startsWith('where'));
const count = (pattern, text) => [...text.matchAll(pattern)].length;

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['services', 'test'];
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(path))
    .map((path) => `${folder}/${path}`),
);
const texts = files.flatMap((path) => commentBlocks(path, readFileSync(path, 'utf8')).map(({ text }) => text));
const total = (measure) => texts.reduce((sum, text) => sum + measure(text), 0);

const words = total((text) => count(/[\p{L}\p{N}][^\s]*/gu, text));
const wheres = total((text) => WHERE.reduce((sum, { banned }) => sum + count(banned, text), 0));
const colons = total((text) => count(COLON, text));
const rate = (number) => `${number} = ${((1000 * number) / words).toFixed(1)} per 1,000 words`;
console.log(`${files.length} files, ${words} words of comments`);
console.log(`where in any meaning: ${rate(total((text) => count(/\bwhere\b/gi, text)))}`);
console.log(`where for if or when: ${rate(wheres)}`);
console.log(`clauses joined by a colon: ${rate(colons)}`);
