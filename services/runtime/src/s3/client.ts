import { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from '../storage-config.js';
import { Bucket } from './bucket.js';

const CONNECT_MS = 2_000;
/** Longer than a healthy storage is silent, for example while it assembles the parts of an object. */
const SILENCE_MS = 15_000;
const ATTEMPTS = 3;
const SOCKETS = 128;
const LARGE_BYTES = 65_536;

/** Returns the bucket of these settings. Only they decide which host gets requests. */
export function openBucket(settings: S3Settings): Bucket {
  const { endpoint, publicEndpoint, bucket } = settings;
  const publicClient = publicEndpoint === undefined ? undefined : clientOf(settings, publicEndpoint);
  return new Bucket(clientOf(settings, endpoint), bucket, publicClient);
}

function clientOf(settings: S3Settings, endpoint: string): S3Client {
  const { region, accessKeyId, secretAccessKey, forcePathStyle } = settings;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: ATTEMPTS,
    // What is read is compared with the recorded digest, so no other checksum is needed.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The client opens a connection for each request with this header, which costs a TLS handshake for each part.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
  // Neither side hashes a large body for its signature. Its digest is recorded elsewhere and compared at each read.
  client.middlewareStack.add(
    (next) => (step) => {
      if (isLargeUpload(step.request)) step.request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return next(step);
    },
    { step: 'build', name: 'leaveBodyUnsigned' },
  );
  return client;
}

function isLargeUpload(request: unknown): request is { headers: Record<string, string> } {
  if (typeof request !== 'object' || request === null || !('body' in request) || !('headers' in request)) return false;
  return request.body instanceof Uint8Array && request.body.length >= LARGE_BYTES;
}
