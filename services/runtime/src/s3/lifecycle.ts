import { GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import type { LifecycleRule, S3Client } from '@aws-sdk/client-s3';
import { asStorageError, hasNoLifecycle } from './errors.js';
import { AREAS } from './keys.js';

const DAY_MS = 86_400_000;
const OURS = 'pdf-tools-';

/**
 * Has the bucket delete objects and unfinished uploads after this time, in whole days with one more as a margin. Rules of others
 * stay. Returns whether the rules changed.
 */
export async function limitAge(client: S3Client, bucket: string, maxAgeMs: number): Promise<boolean> {
  const days = Math.ceil(maxAgeMs / DAY_MS) + 1;
  try {
    const rules = await readRules(client, bucket);
    const ours = rules.filter(isOurs);
    if (AREAS.every((area) => ours.some((rule) => isSame(rule, ruleOf(area, days)))) && ours.length === AREAS.length)
      return false;
    const Rules = [...rules.filter((rule) => !isOurs(rule)), ...AREAS.map((area) => ruleOf(area, days))];
    const LifecycleConfiguration = { Rules };
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }));
    return true;
  } catch (error) {
    throw asStorageError(error);
  }
}

async function readRules(client: S3Client, bucket: string): Promise<LifecycleRule[]> {
  try {
    return (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules ?? [];
  } catch (error) {
    if (hasNoLifecycle(error)) return [];
    throw error;
  }
}

function isOurs({ ID = '' }: LifecycleRule): boolean {
  return ID.startsWith(OURS);
}

function isSame(
  rule: LifecycleRule,
  { ID, Status, Expiration, AbortIncompleteMultipartUpload }: LifecycleRule,
): boolean {
  return (
    rule.ID === ID &&
    rule.Status === Status &&
    rule.Expiration?.Days === Expiration?.Days &&
    rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation === AbortIncompleteMultipartUpload?.DaysAfterInitiation
  );
}

function ruleOf(area: (typeof AREAS)[number], days: number): LifecycleRule {
  return {
    ID: `${OURS}${area}`,
    Status: 'Enabled',
    Filter: { Prefix: `${area}/` },
    Expiration: { Days: days },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  };
}
