/** The Redis client limits only the time until a command is sent. Without this, a command to a stopped Redis hangs. */
const TIMEOUT_MS = 2_000;

/** A command had no reply in time. Whether Redis has run it is unknown. */
export class RedisTimeout extends Error {
  constructor(ms: number) {
    super(`no reply from Redis within ${ms} ms`);
    this.name = 'RedisTimeout';
  }
}

/** Returns the reply to a command. Rejects with `RedisTimeout` after `ms`, by default 2 s. */
export async function withTimeout<T>(command: Promise<T>, ms = TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new RedisTimeout(ms));
    }, ms);
  });
  try {
    return await Promise.race([command, late]);
  } finally {
    clearTimeout(timer);
  }
}
