/**
 * A process under a watchdog, for its test. The arguments are the maximum silence in ms and whether to hang after a
 * second.
 */
import { startWatchdog } from '@pdf-tools/runtime/watchdog';

const [, , longestMs, hang] = process.argv;
startWatchdog(Number(longestMs));
setInterval(() => undefined, 1_000);
if (hang === 'hang')
  setTimeout(() => {
    for (;;);
  }, 1_000);
console.log('started');
