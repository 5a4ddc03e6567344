import winston from 'winston';
import { LineBuffer } from './line-buffer.js';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Levels that are written at once. */
const URGENT: ReadonlySet<string> = new Set<LogLevel>(['error', 'warn']);

/** Fields of a log line besides time, level, service and message. An `error` is written with its stack and causes. */
type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Returns a logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

/** A logger whose level, and that of its children, can change at run time. */
export interface AdjustableLogger extends Logger {
  level: string;
}

/** The lines of all loggers of this process, in their order. */
let lines: LineBuffer | undefined;

/**
 * Returns a logger that writes one JSON object per line to standard output. Warnings and errors are written at once, with
 * the lines before them. Other lines wait for up to a tenth of a second.
 */
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
  lines ??= new LineBuffer(URGENT);
  return winston.createLogger({
    level: options.level,
    defaultMeta: { service: options.service },
    // The format of the transport runs only for lines of its level; that of the logger runs for all.
    transports: [new winston.transports.Stream({ stream: lines, format })],
  });
}

/**
 * Returns the first 12 characters of a job id, for logs. Without API keys the id is a capability, so a complete id in a log
 * would let every reader of the log fetch the file.
 */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

const MAX_CAUSES = 5;

function describeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const chain: unknown[] = [];
  for (let error: unknown = thrown; error instanceof Error && chain.length < MAX_CAUSES; error = error.cause)
    chain.push({ name: error.name, message: error.message, stack: error.stack });
  return chain.length === 1 ? chain[0] : chain;
}
