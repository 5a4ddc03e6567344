/** A child process that sends its parent an open file descriptor together with its first message. */
import { openSync } from 'node:fs';
import { CHANNEL_FD } from '@pdf-tools/operations/process/entry';
import { encodeFrame } from '@pdf-tools/operations/process/framing';
import { sendDescriptor } from './send-descriptor.js';

sendDescriptor(CHANNEL_FD, openSync('/dev/null', 'r'), encodeFrame({ type: 'ready' }).toString());
setInterval(() => undefined, 1_000);
