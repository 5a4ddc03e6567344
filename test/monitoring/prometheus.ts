import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PROJECT, docker } from '../stack/docker.js';

const sample = z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) });
const answer = z.object({ status: z.literal('success'), data: z.object({ result: z.array(sample) }) });
const targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })).optional() }),
  ),
});

export type Sample = z.output<typeof sample>;

let base: string | undefined;

/** Returns the address of Prometheus on its own network, which this host reaches. */
async function address(): Promise<string> {
  if (base !== undefined) return base;
  const format = `{{(index .NetworkSettings.Networks "${PROJECT}_watch").IPAddress}}`;
  const ip = (await docker('inspect', '--format', format, `${PROJECT}-prometheus-1`)).trim();
  return (base = `http://${ip}:9090`);
}

/** Returns the current result of a query. Throws if Prometheus rejects it. */
export async function query(expr: string): Promise<readonly Sample[]> {
  const response = await fetch(`${await address()}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${expr}: ${text}`);
  return answer.parse(JSON.parse(text)).data.result;
}

/** Returns each target's job and health. */
export async function targetHealth(): Promise<readonly string[]> {
  const response = await fetch(`${await address()}/api/v1/targets?state=active`);
  const { data } = targets.parse(await response.json());
  return data.activeTargets
    .map(({ labels, health, lastError }) => `${labels.job}: ${health} ${lastError}`.trim())
    .sort();
}

/** Returns every query of the dashboard with its panel's title. */
export async function dashboardQueries(): Promise<readonly (readonly [title: string, expr: string])[]> {
  const file = new URL('../../../compose/grafana/dashboards/pdf-tools.json', import.meta.url);
  const { panels } = dashboard.parse(JSON.parse(await readFile(file, 'utf8')));
  return panels.flatMap(({ title, targets: asked = [] }) =>
    asked.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '1m')] as const),
  );
}
