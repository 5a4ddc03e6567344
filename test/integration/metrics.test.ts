import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { scrape } from '@pdf-tools/harness/metrics';
import type { Samples } from '@pdf-tools/harness/metrics';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { WorkerRegistry } from '@pdf-tools/jobs/worker-registry';

let stack: TestStack;
let ports: { readonly api: number; readonly worker: number; readonly scheduler: number };
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg();
  ports = { api: await freePort(), worker: await freePort(), scheduler: await freePort() };
  stack = await TestStack.start([], { QUEUE_MAX_JOBS: '3', SWEEP_INTERVAL_SECONDS: '1' });
  await stack.startService('api', [], { ADMIN_KEY: 'an-admin-key-for-tests', ADMIN_PORT: String(ports.api) });
  await stack.startService('scheduler', [], { METRICS_PORT: String(ports.scheduler) });
});
afterAll(() => stack.stop());

const metricsOf = (service: keyof typeof ports): Promise<Samples> =>
  scrape(`http://127.0.0.1:${ports[service]}/metrics`);

/** Waits until a service's metrics fulfil a condition, and returns them. */
function until(service: keyof typeof ports, holds: (samples: Samples) => boolean): Promise<Samples> {
  return eventually(async () => {
    const samples = await metricsOf(service);
    return holds(samples) && samples;
  }, `metrics of the ${service}`);
}

function send(bytes: Buffer, operation = 'image-to-pdf', query = ''): Promise<Response> {
  return fetch(`${stack.url}/api/${operation}?async=true${query}`, {
    method: 'POST',
    body: form([{ name: 'file', bytes }]),
  });
}

describe('the queue metrics', () => {
  it('come from the scheduler, with the age and bytes of jobs, and the disk', async () => {
    for (let i = 0; i < 2; i++) expect((await send(photo)).status).toBe(202);
    const samples = await until(
      'scheduler',
      (it) => (it.get('pdf_tools_oldest_job_age_seconds{state="queued"}') ?? 0) > 1,
    );
    expect(samples.get('pdf_tools_jobs{state="queued"}')).toBe(2);
    expect(samples.get('pdf_tools_jobs{state="active"}')).toBe(0);
    expect(samples.get('pdf_tools_oldest_job_age_seconds{state="queued"}')).toBeLessThan(60);
    expect(samples.get('pdf_tools_queued_bytes')).toBe(2 * photo.length);
    // No worker runs yet. Each is expected to run 2 jobs at a time.
    expect(samples.get('pdf_tools_workers_wanted')).toBe(1);
    const [free = 0, size = 0] = ['free', 'size'].map((word) => samples.get(`pdf_tools_disk_${word}_bytes`));
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(size);
    expect(samples.get('pdf_tools_task_failures_total{task="sweep"}')).toBe(0);
    const swept = samples.get('pdf_tools_task_success_timestamp_seconds{task="sweep"}') ?? 0;
    expect(Math.abs(swept - Date.now() / 1_000)).toBeLessThan(60);
  });
});

describe('the metrics of the api', () => {
  it('count requests by route and status, and refusals', async () => {
    const requests = (labels: string) => `pdf_tools_http_requests_total{${labels}}`;
    const unknownJobs = requests('method="GET",route="/api/jobs/:id",status="404"');
    const notFound = 'pdf_tools_http_problems_total{code="job_not_found"}';
    const before = await metricsOf('api');
    expect((await send(photo)).status).toBe(202);
    // The api's view of the queue may be a second old.
    await sleep(1_100);
    expect((await send(photo)).status).toBe(429);
    expect((await fetch(`${stack.url}/api/jobs/${'0'.repeat(40)}`)).status).toBe(404);
    expect((await fetch(`${stack.url}/wp-login.php`)).status).toBe(404);
    const samples = await until('api', (it) => it.has(requests('method="GET",route="none",status="404"')));
    expect(samples.get(unknownJobs)).toBe((before.get(unknownJobs) ?? 0) + 1);
    expect(samples.get(requests('method="POST",route="/api/image-to-pdf",status="202"'))).toBe(3);
    expect(samples.get('pdf_tools_admission_refusals_total{code="queue_full"}')).toBeGreaterThan(0);
    expect(samples.get('pdf_tools_admission_refusals_total{code="disk_full"}')).toBe(0);
    expect(samples.get(notFound)).toBe((before.get(notFound) ?? 0) + 1);
    expect(samples.get('pdf_tools_http_received_bytes_total')).toBeGreaterThan(3 * photo.length);
    expect(samples.get('pdf_tools_http_request_duration_seconds_count{route="/api/image-to-pdf"}')).toBeGreaterThan(3);
    expect(samples.get('pdf_tools_queue_limit_jobs')).toBe(3);
    expect(samples.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    const answer = await fetch(`http://127.0.0.1:${ports.api}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await fetch(`${stack.url}/metrics`)).status).toBe(404);
  });

  it('have no labels for single jobs, clients or addresses', async () => {
    for (const line of (await metricsOf('api')).keys()) expect(line).not.toMatch(/[0-9a-f]{12}|wp-login|127\.0\.0\.1/);
  });
});

describe('the metrics of the worker', () => {
  it('report the time that jobs wait, run and are delivered, and their bytes', async () => {
    const before = await until('scheduler', (it) => it.get('pdf_tools_jobs{state="queued"}') === 3);
    expect(before.get('pdf_tools_jobs{state="finished"}')).toBe(0);
    expect(before.get('pdf_tools_workers_wanted')).toBe(2);
    await stack.startService('worker', [], { METRICS_PORT: String(ports.worker) });
    const ended = 'pdf_tools_jobs_ended_total{operation="image-to-pdf",outcome="succeeded",code=""}';
    const samples = await until('worker', (it) => it.get(ended) === 3);
    for (const span of ['queue', 'process']) {
      expect(samples.get(`pdf_tools_job_${span}_seconds_count{operation="image-to-pdf"}`)).toBe(3);
      expect(samples.get(`pdf_tools_job_${span}_seconds_sum{operation="image-to-pdf"}`)).toBeGreaterThan(0);
    }
    await until('worker', (it) => it.get('pdf_tools_job_deliver_seconds_count{operation="image-to-pdf"}') === 3);
    expect(samples.get('pdf_tools_job_input_bytes_total{operation="image-to-pdf"}')).toBe(3 * photo.length);
    expect(samples.get('pdf_tools_job_output_bytes_total{operation="image-to-pdf"}')).toBeGreaterThan(0);
    // The first of them has waited since the first test, for longer than the two seconds it needed.
    expect(samples.get('pdf_tools_job_queue_seconds_sum{operation="image-to-pdf"}')).toBeGreaterThan(1);
    expect(samples.get('pdf_tools_children{state="idle"}')).toBeGreaterThan(1);
    expect(samples.get('pdf_tools_children_resident_bytes')).toBeGreaterThan(20_000_000);
    const after = await until('scheduler', (it) => it.get('pdf_tools_jobs{state="finished"}') === 3);
    expect(after.get('pdf_tools_oldest_job_age_seconds{state="queued"}')).toBe(0);
    expect(after.get('pdf_tools_workers_wanted')).toBe(0);
  });

  it('report failures by their code, and saved bytes', async () => {
    const failed = await json<Job>(await send(photo.subarray(0, photo.length / 2)));
    const merged = await json<Job>(await send(photo));
    await eventually(async () => {
      const job = await json<Job>(await fetch(`${stack.url}/api/jobs/${merged.id}`));
      return job.status === 'succeeded';
    }, 'a PDF');
    const pdf = Buffer.from(await (await fetch(`${stack.url}/api/jobs/${merged.id}/result`)).arrayBuffer());
    const body = form([{ name: 'a.pdf', bytes: pdf, field: 'file' }]);
    const answer = await fetch(`${stack.url}/api/compress-pdf`, { method: 'POST', body });
    const saved = pdf.length - (await answer.arrayBuffer()).byteLength;
    const samples = await until('worker', (it) =>
      it.has('pdf_tools_job_deliver_seconds_count{operation="compress-pdf"}'),
    );
    expect(samples.get('pdf_tools_saved_bytes_total')).toBe(saved);
    const { error } = await json<Job>(await fetch(`${stack.url}/api/jobs/${failed.id}`));
    const code = error?.code ?? '';
    expect(samples.get(`pdf_tools_jobs_ended_total{operation="image-to-pdf",outcome="failed",code="${code}"}`)).toBe(1);
  });

  it('report why a child was replaced', async () => {
    expect((await metricsOf('worker')).get('pdf_tools_child_restarts_total{reason="crashed"}')).toBe(0);
    const { pid } = stack.process('worker');
    const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ');
    process.kill(Number(child), 'SIGKILL');
    await until('worker', (it) => it.get('pdf_tools_child_restarts_total{reason="crashed"}') === 1);
  });
});

describe('the number of workers wanted', () => {
  it('follows the concurrency that the live workers report', async () => {
    const registry = new WorkerRegistry(stack.redis);
    const idle = {
      host: 'h',
      pid: 1,
      version: '1',
      started_at: 0,
      sandbox: 'none' as const,
      jobs_done: 0,
      children: [],
    };
    await registry.register({ ...idle, name: 'wide', concurrency: 16 });
    await stack.process('worker').stop();
    const jobs = await Promise.all([send(photo), send(photo), send(photo)].map(async (it) => json<Job>(await it)));
    const samples = await until('scheduler', (it) => it.get('pdf_tools_jobs{state="queued"}') === 3);
    expect(samples.get('pdf_tools_workers_wanted')).toBe(1);
    await registry.unregister('wide');
    expect((await metricsOf('scheduler')).get('pdf_tools_workers_wanted')).toBe(2);
    await stack.startService('worker', [], { METRICS_PORT: String(ports.worker) });
    for (const { id } of jobs)
      await eventually(async () => {
        const { status } = await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
        return status === 'succeeded';
      }, 'the end of a job');
  });
});

describe('the metrics of deletions', () => {
  it('are counted by the service that deletes', async () => {
    const { id } = await json<Job>(await send(photo));
    await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' });
    const kept = await json<Job>(await send(photo, 'image-to-pdf', '&retain=1'));
    await until('api', (it) => it.get('pdf_tools_deletions_total{reason="deleted by client"}') === 1);
    await until('scheduler', (it) => it.get('pdf_tools_deletions_total{reason="expired"}') === 1);
    expect((await fetch(`${stack.url}/api/jobs/${kept.id}`)).status).toBe(410);
  });
});

describe('the metrics without Redis', () => {
  it('leave out unknown values', async () => {
    await stack.process('redis').crash();
    const samples = await until('scheduler', (it) => !it.has('pdf_tools_jobs{state="queued"}'));
    for (const name of ['webhooks_owed', 'workers_wanted']) expect(samples.has(`pdf_tools_${name}`)).toBe(false);
    expect(samples.get('pdf_tools_disk_free_bytes')).toBeGreaterThan(0);
    await stack.restartRedis();
    await until('scheduler', (it) => it.has('pdf_tools_jobs{state="queued"}'));
  });
});
