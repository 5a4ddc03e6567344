/**
 * Compares a merge of 45 MB whose files are in an object storage with one on the volume, in turn and over HTTP. Argument: the
 * folder for the inputs. `S3_TEST_ENDPOINT` names the object storage, such as the one of test/storage/rgw.
 */
import { eventually } from '@pdf-tools/harness/processes';
import { TestStack } from '@pdf-tools/harness/stack';
import { TestBucket } from '../storage/bucket.js';
import { readyUpload } from './inputs.js';
import { mergeOverHttp } from './merge-http.js';

const files = await readyUpload(process.argv[2] ?? '.run/bench-data');
const bucket = await TestBucket.create();
const stacks = {
  volume: await TestStack.start(['api', 'worker', 'scheduler']),
  s3: await TestStack.start(['api', 'worker', 'scheduler'], bucket.environment()),
};
try {
  for (const { url } of Object.values(stacks)) await eventually(async () => (await fetch(`${url}/readyz`)).ok, 'ready');
  await mergeOverHttp(files, { volume: stacks.volume.url, s3: stacks.s3.url });
} finally {
  await Promise.all(Object.values(stacks).map((stack) => stack.stop()));
}
