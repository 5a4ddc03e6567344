import type { ErrorCode } from '../api/types.js';

/** What an error means to the person, and what to do next. */
export type ErrorTexts = Readonly<Record<ErrorCode, { readonly title: string; readonly remedy: string }>>;

const TRY_AGAIN = 'Try again. If it fails again, give the request number to the operator.';
const LATER = 'Wait a moment and try again.';
const SAVE_AGAIN = 'Save it again with another program and use the new file.';

export const errorsEn: ErrorTexts = {
  bad_multipart: { title: 'The upload arrived incomplete', remedy: TRY_AGAIN },
  bad_request: { title: 'The server did not understand the request', remedy: 'Reload the page and try again.' },
  no_files: { title: 'No file was sent', remedy: 'Add at least one file.' },
  too_many_files: { title: 'Too many files', remedy: 'Remove some files.' },
  unexpected_field: { title: 'Too many files for this task', remedy: 'Reload the page and try again.' },
  empty_file: { title: 'The file is empty', remedy: 'Remove it, or choose the file again.' },
  invalid_params: { title: 'A value is not valid', remedy: 'Correct the marked option.' },
  unauthorized: { title: 'The server asks for an API key', remedy: 'Enter a valid key.' },
  forbidden: { title: 'The API key does not allow this', remedy: 'Use another key.' },
  not_found: { title: 'The server does not know this address', remedy: 'Reload the page.' },
  job_not_found: { title: 'The job does not exist anymore', remedy: 'Add the files again.' },
  method_not_allowed: { title: 'The server does not allow this', remedy: 'Reload the page.' },
  request_timeout: { title: 'The upload took too long', remedy: 'Try again on a faster connection.' },
  job_unfinished: { title: 'The job has not ended yet', remedy: LATER },
  job_cancelled: { title: 'The job was cancelled', remedy: 'Add the files again to start a new one.' },
  idempotency_conflict: { title: 'This was sent before with other files', remedy: 'Try again.' },
  expired: { title: 'The result has been deleted', remedy: 'Add the files again.' },
  upload_too_large: { title: 'The files are too large', remedy: 'Send fewer or smaller files.' },
  too_many_pixels: { title: 'The image has too many pixels', remedy: 'Reduce its size and use the new file.' },
  too_many_pages: { title: 'Too many pages', remedy: 'Split the file into smaller ones.' },
  unsupported_format: { title: 'This file format is not supported', remedy: 'Save it in one of the accepted formats.' },
  range_not_satisfiable: { title: 'The download cannot continue there', remedy: 'Download the file again.' },
  corrupt_pdf: { title: 'The PDF is damaged and cannot be repaired', remedy: SAVE_AGAIN },
  corrupt_image: { title: 'The image is damaged', remedy: SAVE_AGAIN },
  password_required: { title: 'The file needs a password', remedy: 'Enter its password, then start again.' },
  password_wrong: { title: 'The password is wrong', remedy: 'Correct it, then start again.' },
  invalid_range: { title: 'A page does not exist', remedy: 'Choose other pages.' },
  signed_pdf: {
    title: 'The file is signed',
    remedy: 'Choose to remove the signatures, or leave out the password.',
  },
  rate_limited: { title: 'Too many requests', remedy: LATER },
  queue_full: { title: 'Too many jobs are waiting', remedy: LATER },
  internal_error: { title: 'The server made an error', remedy: TRY_AGAIN },
  worker_crashed: { title: 'The job crashed', remedy: TRY_AGAIN },
  storage_corrupted: { title: 'A stored file is damaged', remedy: TRY_AGAIN },
  out_of_memory: { title: 'The job needed too much memory', remedy: 'Send fewer or smaller files.' },
  bad_gateway: { title: 'The server closed the connection', remedy: LATER },
  overloaded: { title: 'The server is busy', remedy: LATER },
  shutting_down: { title: 'The server restarts', remedy: LATER },
  redis_unavailable: { title: 'The server cannot store jobs right now', remedy: LATER },
  storage_unavailable: { title: 'The server cannot store files right now', remedy: LATER },
  time_limit: { title: 'The job took too long', remedy: 'Send fewer or smaller files.' },
  disk_full: { title: 'The disk of the server is full', remedy: 'Wait a minute and try again.' },
};
