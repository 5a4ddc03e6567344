import { writeFile } from 'node:fs/promises';
import { newJobId } from '@pdf-tools/jobs/store';
import type { TestStack } from './stack.js';

/** Accepts a job of one image as the api does. Returns its id. */
export async function acceptPicture(stack: TestStack, picture: Buffer, retain = 60): Promise<string> {
  const id = newJobId();
  stack.storage.createUploadFolder(id);
  await writeFile(stack.storage.inputPath(id, 0), picture);
  await stack.store.accept({
    id,
    operation: 'image-to-pdf',
    params: {},
    inputs: [{ name: 'photo.jpg', bytes: picture.length, format: 'jpeg' }],
    owner: '',
    client: 'test',
    output_name: 'images.pdf',
    request_id: 'test',
    retain,
    delete_after_read: false,
  });
  return id;
}
