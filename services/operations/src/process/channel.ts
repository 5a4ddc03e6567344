import type { Socket } from 'node:net';
import { FrameReader, encodeFrame } from './framing.js';

/** The events of a channel. */
export interface ChannelEvents {
  /** May throw `ProtocolError`. */
  readonly onMessage: (message: unknown) => void;
  /** The other process sent something that is no message. The channel reads no more. */
  readonly onViolation: (error: unknown) => void;
  /** The other process closed its end, or died. */
  readonly onClose: () => void;
}

interface ChannelLimits {
  /** Maximum size of a frame in bytes. */
  readonly frameBytes: number;
  /** Maximum number of bytes between two calls of `resetBudget`. */
  readonly budgetBytes: number;
}

/**
 * Messages over one socket pair between a parent and a child. Node's own IPC channel is no option for an untrusted child:
 * it buffers without a limit, and an unexpected file descriptor aborts the process that receives it.
 */
export class Channel {
  #received = 0;

  constructor(
    private readonly socket: Socket,
    private readonly limits: ChannelLimits,
    events: ChannelEvents,
  ) {
    const reader = new FrameReader(limits.frameBytes, events.onMessage);
    socket.on('data', (chunk: Buffer) => {
      try {
        this.#count(chunk.length);
        reader.push(chunk);
      } catch (error) {
        socket.destroy();
        events.onViolation(error);
      }
    });
    // The end of the process is noticed by its exit, or by the end of the stream.
    socket.on('error', () => undefined);
    socket.once('close', events.onClose);
  }

  send(message: object): void {
    if (!this.socket.destroyed) this.socket.write(encodeFrame(message));
  }

  /** Lets the other process send its full number of bytes again. */
  resetBudget(): void {
    this.#received = 0;
  }

  #count(bytes: number): void {
    this.#received += bytes;
    if (this.#received > this.limits.budgetBytes) throw new RangeError(`more than ${this.limits.budgetBytes} bytes`);
  }
}
