import { getSystemErrorName } from 'node:util';

/** Parts of Node that its own IPC channel is made of. */
interface Bindings {
  binding(name: 'pipe_wrap'): {
    Pipe: new (type: number) => {
      open(fd: number): void;
      writeUtf8String(request: object, text: string, handle: object): number;
    };
    constants: { SOCKET: number; IPC: number };
  };
  binding(name: 'stream_wrap'): { WriteWrap: new () => object };
}

/**
 * Sends a text and an open file descriptor over a socket pair, as sendmsg(2) with SCM_RIGHTS does. No other handle of the
 * process may use the channel.
 */
export function sendDescriptor(channel: number, descriptor: number, text: string): void {
  const bindings = process as unknown as Bindings;
  const { Pipe, constants } = bindings.binding('pipe_wrap');
  const { WriteWrap } = bindings.binding('stream_wrap');
  const [sent, through] = [new Pipe(constants.SOCKET), new Pipe(constants.IPC)];
  sent.open(descriptor);
  through.open(channel);
  const code = through.writeUtf8String(new WriteWrap(), text, sent);
  if (code !== 0) throw Object.assign(new Error('not sent'), { code: getSystemErrorName(code) });
}
