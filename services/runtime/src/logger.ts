import winston from 'winston';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Fields of a log line beside time, level, service and message. An `error` is written with its stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** The same logger with these fields on every line. */
  child(fields: LogFields): Logger;
}

/** A logger whose level can be changed while it runs, its children's with it. */
export interface AdjustableLogger extends Logger {
  level: string;
}

/** A logger that writes one JSON object per line to standard output. */
export function createLogger(options: { service: string; level: LogLevel }): AdjustableLogger {
  const format = winston.format.printf(({ level, message, service, error, ...fields }) =>
    JSON.stringify({
      time: new Date().toISOString(),
      level,
      service,
      message,
      ...fields,
      ...(error !== undefined && { error: describeError(error) }),
    }),
  );
  return winston.createLogger({
    level: options.level,
    defaultMeta: { service: options.service },
    // The transport's own format is at work only for lines of the level, the logger's is for all.
    transports: [new winston.transports.Console({ format })],
  });
}

/**
 * The form in which a job id may be logged: its first 12 characters. A keyless id is a capability, so that the whole
 * id in a log would let every reader of the log fetch the file.
 */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

const MOST_CAUSES = 5;

function describeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const chain: unknown[] = [];
  for (let error: unknown = thrown; error instanceof Error && chain.length < MOST_CAUSES; error = error.cause)
    chain.push({ name: error.name, message: error.message, stack: error.stack });
  return chain.length === 1 ? chain[0] : chain;
}
