import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const HARNESS = fileURLToPath(new URL('../../harness/dist/', import.meta.url));

/** Bundles a module of the harness with all that it imports, because an image holds none of the project's packages. */
export async function bundleOfHarness(name: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [`${HARNESS}${name}.js`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['sharp'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}
