/** The Redis client bounds how long a command waits to be sent, not how long its answer takes: a stopped Redis hangs. */
const LONGEST_ANSWER_MS = 2_000;

/** A command without an answer in time: what it has done is not known. */
export class NoAnswer extends Error {
  constructor() {
    super(`no answer from Redis within ${LONGEST_ANSWER_MS} ms`);
    this.name = 'NoAnswer';
  }
}

/** Rejects with `NoAnswer` when a command takes too long. */
export async function timeboxed<T>(command: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new NoAnswer());
    }, LONGEST_ANSWER_MS);
  });
  try {
    return await Promise.race([command, late]);
  } finally {
    clearTimeout(timer);
  }
}
