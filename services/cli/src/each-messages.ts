import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import type { Order, Outcome } from './run-operation.js';

/** From the parent to the child of `--each`: one file to work on. */
export type EachOrder = Order;

/** From the child to the parent: how it went. Plain data, since it crosses the process boundary. */
export type EachAnswer =
  | { readonly ok: true; readonly outcome: Outcome }
  | {
      readonly ok: false;
      readonly error: ErrorRecord;
      readonly seconds: number;
      readonly peak_memory_bytes: number | null;
    };
