import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@pdf-tools/harness/processes';
import { MALFORMED_REQUESTS } from '@pdf-tools/harness/malformed-requests';
import { RawConnection } from '@pdf-tools/harness/raw-connection';
import type { RawAnswer } from '@pdf-tools/harness/raw-connection';
import { png } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start(['api']);
  await eventually(async () => (await fetch(`${stack.url}/health`)).ok, 'healthy');
});
afterAll(() => stack.stop());

const GOOD = 'GET /api/limits HTTP/1.1\r\nHost: x\r\n\r\n';
const BAD = 'GET /api/limits HTTP/1.1\r\nHost: x\r\nX-A: b\x01c\r\n\r\n';

function statuses(answers: readonly RawAnswer[]): number[] {
  return answers.map(({ status }) => status);
}

/** Expects one more answer after `before`: a problem that announces the end of the connection, which then ends cleanly. */
async function expectRefusal(connection: RawConnection, before: readonly number[], status: number): Promise<void> {
  const answers = await connection.answers(before.length + 1);
  expect(statuses(answers)).toEqual([...before, status]);
  const refusal = answers.at(-1);
  expect(refusal?.headers.get('content-type')).toBe('application/problem+json');
  expect(refusal?.headers.get('connection')).toBe('close');
  const body: unknown = JSON.parse(refusal?.body ?? '');
  expect(body).toMatchObject({ status, request_id: refusal?.headers.get('x-request-id'), retryable: status === 408 });
  connection.destroy();
}

/** An operation call whose job no worker runs, so that its answer comes after a second. */
async function slowCall(): Promise<string> {
  const photo = (await png(8, 8)).toString('latin1');
  const body = `--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n${photo}\r\n--b--\r\n`;
  return (
    'POST /api/image-to-pdf HTTP/1.1\r\nHost: x\r\nPrefer: wait=1\r\nContent-Type: multipart/form-data; boundary=b\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

describe('a malformed request is answered before its connection closes', () => {
  it.each(MALFORMED_REQUESTS)('$name, on a new connection', async ({ text, status }) => {
    const connection = new RawConnection(stack.url);
    connection.send(text);
    await expectRefusal(connection, [], status);
  });

  it.each(MALFORMED_REQUESTS)('$name, on a kept-alive connection', async ({ text, status }) => {
    const connection = new RawConnection(stack.url);
    connection.send(GOOD);
    expect(statuses(await connection.answers(1))).toEqual([200]);
    connection.send(text);
    await expectRefusal(connection, [200], status);
  });

  it.each(MALFORMED_REQUESTS)('$name, in one packet with the request before it', async ({ text, status }) => {
    const connection = new RawConnection(stack.url);
    connection.send(GOOD + text);
    await expectRefusal(connection, [200], status);
  });

  it('after the answer to a request that is still being served', async () => {
    const connection = new RawConnection(stack.url);
    connection.send((await slowCall()) + BAD);
    await expectRefusal(connection, [202], 400);
  });

  it('and what follows it has no effect', async () => {
    const connection = new RawConnection(stack.url);
    connection.send(BAD + GOOD + GOOD);
    await expectRefusal(connection, [], 400);
    const coded = 'POST /api/merge-pdf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n';
    const other = new RawConnection(stack.url);
    other.send(coded + GOOD);
    await expectRefusal(other, [], 400);
  });

  it('also if the client is still sending', async () => {
    const connection = new RawConnection(stack.url);
    connection.send(`GET / HTTP/1.1\r\nHost: x\r\n${`X-A: ${'b'.repeat(8_000)}\r\n`.repeat(1_000)}`);
    await expectRefusal(connection, [], 431);
    expect(connection.error).toBeUndefined();
  });

  it('but its body is not answered twice', async () => {
    const connection = new RawConnection(stack.url);
    connection.send('POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n');
    expect(statuses(await connection.answers(1))).toEqual([404]);
    connection.send('zz\r\n');
    expect(statuses(await connection.end())).toEqual([404]);
  });
});

it('a broken chunked upload is refused and leaves no file', async () => {
  const before = await stack.filesOf();
  const left = async (): Promise<number> => (await stack.filesOf()).length - before.length;
  const connection = new RawConnection(stack.url);
  const head = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7\n';
  const part = head + ' '.repeat(100_000);
  connection.send(
    'POST /api/merge-pdf HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n' +
      `Transfer-Encoding: chunked\r\n\r\n${part.length.toString(16)}\r\n${part}\r\n`,
  );
  await eventually(async () => (await left()) > 0, 'the upload has begun');
  connection.send('zz\r\n');
  await expectRefusal(connection, [], 400);
  await eventually(async () => (await left()) === 0, 'the upload is removed');
});

it('closes refused connections', async () => {
  const api = stack.process('api');
  for (const { text } of MALFORMED_REQUESTS) {
    const connection = new RawConnection(stack.url);
    connection.send(text);
    await connection.answers(1);
    connection.destroy();
  }
  expect(await api.stop()).toBe(0);
  await stack.startService('api');
});
