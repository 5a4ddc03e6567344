import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** How a script ended. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Host mode in a separate project folder. The scripts are copies, and they start this build. */
export class HostMode {
  readonly root = mkdtempSync(join(tmpdir(), 'pdf-tools-host-'));
  readonly #env: NodeJS.ProcessEnv;

  private constructor(readonly port: number) {
    for (const name of ['services', 'compose', 'docker-compose.yml', 'package.json', 'node_modules'])
      symlinkSync(join(ROOT, name), join(this.root, name));
    cpSync(join(ROOT, 'scripts'), join(this.root, 'scripts'), { recursive: true });
    // Compiled already, and an installation through the link would empty the node_modules of this build.
    writeFileSync(join(this.root, 'scripts', 'build.sh'), '#!/bin/sh\n');
    const { PATH, HOME } = process.env;
    this.#env = {
      PATH,
      HOME,
      PDF_TOOLS_MODE: 'host',
      HTTP_PORT: String(port),
      RATE_LIMIT: 'off',
      RESTART_DELAYS: '0.2 0.2 0.2',
    };
  }

  static async create(): Promise<HostMode> {
    return new HostMode(await freePort());
  }

  /** Runs one of the scripts, such as `up` or `ps`, with more environment if that is given. */
  run(script: string, env: NodeJS.ProcessEnv = {}): Promise<Ending> {
    return new Promise((resolve) => {
      execFile(
        join(this.root, 'scripts', `${script}.sh`),
        { env: { ...this.#env, ...env } },
        (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
        },
      );
    });
  }

  /** The path of a file below `.run`. */
  file(name: string): string {
    return join(this.root, '.run', name);
  }

  /** The pid in a file such as `api.child` or `api.pid`, or undefined. */
  pid(file: string): number | undefined {
    try {
      return Number(readFileSync(this.file(file), 'utf8').split(' ')[0]);
    } catch {
      return undefined;
    }
  }

  async isReady(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.port}/readyz`)).ok;
  }

  /** Command lines of all processes that belong to this folder. */
  processes(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
          return environment.includes(this.root)
            ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
            : [];
        } catch {
          return [];
        }
      });
  }

  async remove(): Promise<void> {
    await this.run('down');
    rmSync(this.root, { recursive: true, force: true });
  }
}
