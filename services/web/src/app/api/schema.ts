/** Written by test/web/schema.mjs from the OpenAPI document. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @enum {string} */
      code:
        | 'bad_multipart'
        | 'bad_request'
        | 'no_files'
        | 'too_many_files'
        | 'unexpected_field'
        | 'empty_file'
        | 'invalid_params'
        | 'unauthorized'
        | 'forbidden'
        | 'not_found'
        | 'job_not_found'
        | 'method_not_allowed'
        | 'request_timeout'
        | 'job_unfinished'
        | 'job_cancelled'
        | 'idempotency_conflict'
        | 'expired'
        | 'upload_too_large'
        | 'too_many_pixels'
        | 'too_many_pages'
        | 'unsupported_format'
        | 'range_not_satisfiable'
        | 'corrupt_pdf'
        | 'corrupt_image'
        | 'password_required'
        | 'password_wrong'
        | 'invalid_range'
        | 'signed_pdf'
        | 'rate_limited'
        | 'queue_full'
        | 'internal_error'
        | 'worker_crashed'
        | 'out_of_memory'
        | 'bad_gateway'
        | 'overloaded'
        | 'shutting_down'
        | 'redis_unavailable'
        | 'time_limit'
        | 'disk_full';
      request_id: string;
      /** @description Whether the same request may succeed later */
      retryable: boolean;
      errors: {
        /** @description Name of the file */
        file?: string;
        /** @description Position of the file in the request, from 0 */
        index?: number;
        /** @description Page of the file, from 1 */
        page?: number;
        /** @description Name of the parameter, form field or header */
        param?: string;
        /** @description Limit that was exceeded, in the unit that the message names */
        limit?: number;
        message: string;
      }[];
    };
    Job: {
      id: string;
      operation: string;
      /** @enum {string} */
      status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled';
      progress: {
        percent: number;
        stage: string;
      };
      /** @description Number of jobs that are queued before this one */
      queue_position: number | null;
      attempts: number;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      expires_at: string | null;
      result: {
        url: string;
        bytes: number;
        media_type: string;
        /** @description Of a PDF */
        pages?: number;
        sha256: string;
        /** @description What the operation did */
        report: {
          [key: string]: unknown;
        };
      } | null;
      error: {
        type: string;
        title: string;
        status: number;
        detail: string;
        /** @enum {string} */
        code:
          | 'bad_multipart'
          | 'bad_request'
          | 'no_files'
          | 'too_many_files'
          | 'unexpected_field'
          | 'empty_file'
          | 'invalid_params'
          | 'unauthorized'
          | 'forbidden'
          | 'not_found'
          | 'job_not_found'
          | 'method_not_allowed'
          | 'request_timeout'
          | 'job_unfinished'
          | 'job_cancelled'
          | 'idempotency_conflict'
          | 'expired'
          | 'upload_too_large'
          | 'too_many_pixels'
          | 'too_many_pages'
          | 'unsupported_format'
          | 'range_not_satisfiable'
          | 'corrupt_pdf'
          | 'corrupt_image'
          | 'password_required'
          | 'password_wrong'
          | 'invalid_range'
          | 'signed_pdf'
          | 'rate_limited'
          | 'queue_full'
          | 'internal_error'
          | 'worker_crashed'
          | 'out_of_memory'
          | 'bad_gateway'
          | 'overloaded'
          | 'shutting_down'
          | 'redis_unavailable'
          | 'time_limit'
          | 'disk_full';
        request_id: string;
        /** @description Whether the same request may succeed later */
        retryable: boolean;
        errors: {
          /** @description Name of the file */
          file?: string;
          /** @description Position of the file in the request, from 0 */
          index?: number;
          /** @description Page of the file, from 1 */
          page?: number;
          /** @description Name of the parameter, form field or header */
          param?: string;
          /** @description Limit that was exceeded, in the unit that the message names */
          limit?: number;
          message: string;
        }[];
      } | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
