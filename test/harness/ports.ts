import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

/**
 * Below the range that Linux gives to outgoing connections (ip_local_port_range, from 32768), which may take any of
 * these ports.
 */
const PORTS = { first: 20_000, end: 32_000 };
const ADDRESS = '127.0.0.1';
/** A loopback address that no service uses. A listener on one of its ports reserves that port of ADDRESS. */
const RESERVATION = '127.0.0.2';

/**
 * A TCP port of 127.0.0.1 that is free and stays reserved until this process ends, also against other test processes.
 * The kernel keeps the reservations, so a killed test leaves none behind.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.end);
    const reservation = await listen(port, RESERVATION);
    if (!reservation) continue;
    const probe = await listen(port, ADDRESS);
    if (probe) {
      await closed(probe);
      reservation.unref();
      return port;
    }
    reservation.close();
  }
}

/** The listening server, or undefined if the port is taken. */
function listen(port: number, address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, address, () => {
      resolve(server);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
