import { Socket } from 'node:net';
import { Channel } from './channel.js';
import { CHANNEL_FD } from './entry.js';
import type { FromChild, ToChild } from './messages.js';

/**
 * Connects a child process to its parent and returns the function that sends. The child exits when its parent is gone.
 * Only the parent decides when its children end: a Ctrl-C at the terminal reaches the whole process group.
 */
export function connectToParent(receive: (message: ToChild) => void): (message: FromChild) => void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
  const exit = (): void => process.exit(0);
  const limits = { frameBytes: 2 ** 30, budgetBytes: Infinity };
  const channel = new Channel(socket, limits, {
    onMessage: (message) => {
      receive(message as ToChild);
    },
    onViolation: exit,
    onClose: exit,
  });
  return (message) => {
    channel.send(message);
  };
}
