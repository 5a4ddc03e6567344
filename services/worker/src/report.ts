import { boundReport, fits } from '@pdf-tools/operations/process/bound-report';
import type { Json, JsonObject } from '@pdf-tools/operations/operation';
import type { JobRecord, JobResult } from '@pdf-tools/jobs/record';
import type { RunFiles } from '@pdf-tools/runtime/storage';

/** Maximum bytes of a report in a job's record, as JSON in UTF-8. Redis holds it as long as the result is kept. */
const MAX_INLINE_BYTES = 768;
/** The same for a job with a webhook, which may be sent after the result was deleted. */
export const MAX_WEBHOOK_BYTES = 32_768;
/** Maximum bytes of a report in a file beside the result. */
export const MAX_STORED_BYTES = 262_144;

/**
 * Returns the part of a report that goes into the job's record. A report that is too long is written to a file beside the
 * result first.
 */
export async function keepReport(
  { callback_url }: Pick<JobRecord, 'callback_url'>,
  report: JsonObject,
  files: Pick<RunFiles, 'writeReport'>,
): Promise<Pick<JobResult, 'report' | 'report_stored'>> {
  if (callback_url !== undefined) return { report: boundReport(report, MAX_WEBHOOK_BYTES) };
  if (fits(report, MAX_INLINE_BYTES)) return { report: { ...report } };
  await files.writeReport(JSON.stringify(boundReport(report, MAX_STORED_BYTES)));
  return { report: boundReport(flags(report), MAX_INLINE_BYTES), report_stored: true };
}

/** Returns the boolean members of a report, which become headers of the result. */
function flags(report: JsonObject): Record<string, Json> {
  return Object.fromEntries(Object.entries(report).filter(([, member]) => typeof member === 'boolean'));
}
