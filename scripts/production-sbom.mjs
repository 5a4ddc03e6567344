// Usage: npm sbom --sbom-format=cyclonedx | node scripts/production-sbom.mjs   keeps what production installs
// npm's own --omit=dev also leaves out what tests need too, such as express and sharp: the lock file knows better.
import { readFileSync } from 'node:fs';

const bill = JSON.parse(readFileSync(0, 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;

const nameOf = (path) => path.split('node_modules/').at(-1);
const delivered = new Set(
  Object.entries(lock)
    .filter(
      ([path, entry]) => !entry.dev && !entry.link && (path.includes('node_modules/') || path.startsWith('services/')),
    )
    .map(([path, entry]) => `${entry.name ?? nameOf(path)}@${entry.version}`),
);
// The project's own packages go by their folders' names in the bill.
const isOurs = ({ purl = '' }) => purl.startsWith('pkg:npm/%40pdf-tools/') && !purl.includes('/test@');
bill.components = bill.components.filter((it) => isOurs(it) || delivered.has(`${it.name}@${it.version}`));
const kept = new Set([bill.metadata.component['bom-ref'], ...bill.components.map((component) => component['bom-ref'])]);
bill.dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
// npm takes the folder's name.
bill.metadata.component.name = lock[''].name;

const names = new Set(bill.components.map(({ name }) => name));
const services = Object.entries(lock).filter(
  ([path]) => path.startsWith('services/') && !path.includes('node_modules'),
);
const missing = services
  .flatMap(([, { dependencies = {} }]) => Object.keys(dependencies))
  .filter((name) => !names.has(name) && !names.has(name.replace('@pdf-tools/', '')));
if (missing.length > 0) {
  console.error(`not in the bill: ${missing.join(', ')}`);
  process.exit(1);
}
process.stdout.write(`${JSON.stringify(bill, undefined, 2)}\n`);
