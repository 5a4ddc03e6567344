// Usage: ... | node scripts/debian-sbom.mjs IMAGE   reads "PACKAGE VERSION ARCHITECTURE" lines, writes a CycloneDX bill
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const image = process.argv[2] ?? 'image';
const lines = readFileSync(0, 'utf8').trim().split('\n').filter(Boolean);
if (lines.length === 0) {
  console.error(`no packages in ${image}`);
  process.exit(1);
}
const components = lines.map((line) => {
  const [name, version, architecture] = line.split(' ');
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
  return { type: 'library', 'bom-ref': purl, name, version, purl };
});
const [name, version] = image.split(/:(?=[^:/]*$)/);
const metadata = { timestamp: new Date().toISOString(), component: { type: 'container', name, version } };
const bill = { bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: `urn:uuid:${randomUUID()}`, version: 1 };
process.stdout.write(`${JSON.stringify({ ...bill, metadata, components }, undefined, 2)}\n`);
