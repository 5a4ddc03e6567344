import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Metrics in the Prometheus conventions, each service's declared in its own metrics.ts. A label takes its values from a
 * closed set (routes, operations, codes, reasons), never from clients. This is the only importer of prom-client.
 */
export type { Counter, Gauge, Histogram };

interface Described<Label extends string> {
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** Buckets for times that a client waits, from a hundredth of a second to the longest job. */
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Declares metrics in a registry that also has those of the process, such as memory and lag of the event loop. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #collectors: (() => Promise<void>)[] = [];

  constructor(build: { readonly version: string; readonly revision: string }) {
    collectDefaultMetrics({ register: this.#registry });
    const info = this.gauge('pdf_tools_build_info', {
      help: 'Version and revision of the service. The value is always 1.',
      labels: ['version', 'revision'],
    });
    info.set({ ...build }, 1);
  }

  counter<Label extends string = never>(name: string, { help, labels = [] }: Described<Label>): Counter<Label> {
    return new Counter({ name, help, labelNames: labels, registers: [this.#registry] });
  }

  gauge<Label extends string = never>(name: string, { help, labels = [] }: Described<Label>): Gauge<Label> {
    return new Gauge({ name, help, labelNames: labels, registers: [this.#registry] });
  }

  /** A histogram of seconds. */
  seconds<Label extends string = never>(name: string, { help, labels = [] }: Described<Label>): Histogram<Label> {
    return new Histogram({ name, help, labelNames: labels, buckets: SECONDS, registers: [this.#registry] });
  }

  /** Calls `collect` before the metrics are read, to set gauges. It must not reject. */
  beforeRead(collect: () => Promise<void>): void {
    this.#collectors.push(collect);
  }

  /** All metrics in the text format of Prometheus, and its media type. */
  async read(): Promise<{ readonly text: string; readonly mediaType: string }> {
    await Promise.all(this.#collectors.map((collect) => collect()));
    return { text: await this.#registry.metrics(), mediaType: this.#registry.contentType };
  }
}

/** Sets the counter to 0 for each label value, so that it is not missing before the first event. */
export function startAtZero<Label extends string>(
  counter: Counter<Label>,
  label: Label,
  words: readonly string[],
): void {
  for (const word of words) counter.inc({ [label]: word } as Partial<Record<Label, string>>, 0);
}

/** Returns the counter of deletions, which starts at 0 for each reason. */
export function deletionsOf(metrics: Metrics, reasons: readonly string[]): Counter<'reason'> {
  const deletions = metrics.counter('pdf_tools_deletions_total', {
    help: 'Jobs whose files were deleted, by the reason.',
    labels: ['reason'],
  });
  startAtZero(deletions, 'reason', reasons);
  return deletions;
}
