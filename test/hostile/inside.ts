import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { PROJECT, docker } from '../stack/docker.js';

const END = '__end__';

/** State that no attack may change. */
export interface State {
  /** Process id and start time of the worker. A restart would change them. */
  readonly worker: string;
  readonly files: readonly string[];
  /** Resident memory of the worker's main process and of its largest child process, in bytes. */
  readonly main: number;
  readonly largestChild: number;
}

const LOOK = `
  rss() { awk '/^VmRSS/ { print $2 }' $1/status 2>/dev/null; }
  for process in /proc/[0-9]*; do
    case $(tr '\\0' ' ' <$process/cmdline 2>/dev/null) in
      node\\ main.js*) echo "worker $process $(cut -d' ' -f22 $process/stat)"; echo "main $(rss $process)" ;;
      *node\\ *child.js*) rss $process ;;
    esac
  done
  find /data/uploads /data/temp /data/slots -type f 2>/dev/null`;

/** An open shell in the worker's container. Starting one per check would take longer than the attack. */
export class WorkerShell {
  readonly #shell: ChildProcessWithoutNullStreams = spawn('docker', ['exec', '-i', `${PROJECT}-worker-1`, 'sh']);
  #output = '';
  #resolve: ((output: string) => void) | undefined;

  constructor() {
    this.#shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      if (!this.#output.includes(END)) return;
      const [found = ''] = this.#output.split(END, 1);
      this.#output = '';
      this.#resolve?.(found);
    });
  }

  async look(): Promise<State> {
    const output = await new Promise<string>((resolve) => {
      this.#resolve = resolve;
      this.#shell.stdin.write(`${LOOK}\necho ${END}\n`);
    });
    const lines = output.split('\n').filter((line) => line !== '');
    const find = (word: string): string =>
      lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';
    if (find('worker') === '') throw new Error(`no process of the worker among: ${output}`);
    return {
      worker: find('worker'),
      files: lines.filter((line) => line.startsWith('/data/')),
      main: Number(find('main')) * 1_024,
      largestChild: Math.max(0, ...lines.filter((line) => /^\d+$/.test(line)).map(Number)) * 1_024,
    };
  }

  close(): void {
    this.#shell.kill();
  }
}

/** Returns when each container of the stack started, and whether it ever ran out of memory. */
export async function starts(): Promise<string[]> {
  const ids = await docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${PROJECT}`);
  const format = '{{.Name}} {{.State.StartedAt}} {{.RestartCount}} {{.State.OOMKilled}} {{.State.Status}}';
  const text = await docker('inspect', '--format', format, ...ids.trim().split('\n'));
  return text.trim().split('\n').sort();
}

/** Listens on port 9 in the worker's network, the target of files in the corpus, and records connections. */
export class Canary {
  #id = '';

  async start(): Promise<void> {
    const code =
      'require("net").createServer(s=>{console.log("bite");s.destroy()}).listen(9,"127.0.0.1",()=>console.log("up"))';
    const network = ['--network', `container:${PROJECT}-worker-1`, '--user', 'root'];
    const image = (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-api-1`)).trim();
    this.#id = (await docker('run', '--detach', ...network, '--entrypoint', 'node', image, '-e', code)).trim();
  }

  /** Stops listening and returns the recorded connections. */
  async stop(): Promise<string[]> {
    const seen = await docker('logs', this.#id);
    await docker('rm', '--force', this.#id);
    return seen.trim().split('\n');
  }
}
