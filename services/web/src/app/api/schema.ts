/** Written by test/web/schema.mjs from the OpenAPI document. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * @example {
     *       "type": "urn:pdf-tools:error:no_files",
     *       "title": "No file was sent",
     *       "status": 400,
     *       "detail": "Send at least one file in the file field of the operation.",
     *       "code": "no_files",
     *       "request_id": "f3c1a4de",
     *       "retryable": false,
     *       "errors": []
     *     }
     */
    Problem: {
      /** @description urn:pdf-tools:error: and the code */
      type: string;
      title: string;
      status: number;
      /** @description What is wrong and what to do next, in English */
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
        | 'storage_corrupted'
        | 'out_of_memory'
        | 'bad_gateway'
        | 'overloaded'
        | 'shutting_down'
        | 'redis_unavailable'
        | 'storage_unavailable'
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
    /**
     * @example {
     *       "files": [
     *         {
     *           "index": 0,
     *           "name": "scan.jpg",
     *           "pages": 1
     *         }
     *       ],
     *       "pages": 1,
     *       "images": [
     *         {
     *           "file": 0,
     *           "page": 1,
     *           "width": 1654,
     *           "height": 2339,
     *           "dpi": [
     *             200,
     *             200
     *           ],
     *           "filter": "DCTDecode",
     *           "encoding": "kept"
     *         }
     *       ]
     *     }
     */
    ImageToPdfReport: {
      /** @description In the order of the request */
      files: {
        /** @description Position of the file in the request, from 0 */
        index: number;
        name: string;
        pages: number;
        /** @description Images of the file without a page */
        frames_left_out?: number;
        /** @description What a reader of the result should know, in English */
        notes?: string[];
      }[];
      pages: number;
      /** @description The first images, one for each page */
      images: {
        /** @description Position of the file in the request, from 0 */
        file: number;
        /** @description Page of the document, from 1 */
        page: number;
        /** @description In pixels */
        width: number;
        /** @description In pixels */
        height: number;
        /** @description Horizontal and vertical resolution that the file declares, in pixels per inch */
        dpi?: number[];
        /** @description Encoding of the image in the PDF, such as DCTDecode */
        filter: string;
        /**
         * @description Whether the image data of the file are kept. They are re-encoded without loss
         * @enum {string}
         */
        encoding: 'kept' | 're-encoded';
        /** @description What a reader of the result should know, in English */
        notes?: string[];
      }[];
      /** @description What a reader of the result should know, in English */
      notes?: string[];
      /**
       * @description The result is encrypted with output_password
       * @constant
       */
      encrypted?: true;
      /**
       * @description The report was too long. Long texts are cut, and the last entries of lists and objects are missing
       * @constant
       */
      shortened?: true;
    };
    /**
     * @example {
     *       "input_bytes": 90000,
     *       "output_bytes": 91400,
     *       "files": []
     *     }
     */
    ImageToPdfArchiveReport: {
      input_bytes: number;
      output_bytes: number;
      /** @description Number of files that are not in the ZIP */
      failed_files?: number;
      /** @description In the order of the ZIP */
      files: (
        | {
            /** @description Position of the file in the request, from 0 */
            index: number;
            /** @description Name of the PDF in the ZIP */
            name: string;
            original_name: string;
            pages: number;
            input_bytes: number;
            output_bytes: number;
            report: components['schemas']['ImageToPdfReport'];
          }
        | {
            /** @description Position of the file in the request, from 0 */
            index: number;
            original_name: string;
            input_bytes: number;
            error: {
              code: string;
              detail: string;
            };
          }
      )[];
      /**
       * @description The report was too long. Long texts are cut, and the last entries of lists and objects are missing
       * @constant
       */
      shortened?: true;
    };
    /**
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "image-to-pdf",
     *       "status": "queued",
     *       "progress": {
     *         "percent": 0,
     *         "stage": "queued"
     *       },
     *       "queue_position": 2,
     *       "attempts": 0,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": null,
     *       "finished_at": null,
     *       "expires_at": null,
     *       "result": null,
     *       "error": null
     *     }
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "image-to-pdf",
     *       "status": "succeeded",
     *       "progress": {
     *         "percent": 100,
     *         "stage": "done"
     *       },
     *       "queue_position": null,
     *       "attempts": 1,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": "2026-01-31T12:00:00.020Z",
     *       "finished_at": "2026-01-31T12:00:01.250Z",
     *       "expires_at": "2026-01-31T13:00:01.250Z",
     *       "result": {
     *         "url": "/api/jobs/3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8/result",
     *         "bytes": 120456,
     *         "media_type": "application/pdf",
     *         "pages": 1,
     *         "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     *         "report": {
     *           "files": [
     *             {
     *               "index": 0,
     *               "name": "scan.jpg",
     *               "pages": 1
     *             }
     *           ],
     *           "pages": 1,
     *           "images": [
     *             {
     *               "file": 0,
     *               "page": 1,
     *               "width": 1654,
     *               "height": 2339,
     *               "dpi": [
     *                 200,
     *                 200
     *               ],
     *               "filter": "DCTDecode",
     *               "encoding": "kept"
     *             }
     *           ]
     *         }
     *       },
     *       "error": null
     *     }
     */
    ImageToPdfJob: {
      /** @description Part of the addresses of the job. Keep it secret */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      operation: 'image-to-pdf';
      /** @enum {string} */
      status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled';
      progress: {
        percent: number;
        /** @description Name of the current step */
        stage: string;
      };
      /** @description Number of jobs that are queued before this one */
      queue_position: number | null;
      /** @description Number of runs, without those that the server repeats after a fault of its own */
      attempts: number;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      /** @description When the result is deleted. null until the job ends */
      expires_at: string | null;
      /** @description null until the job succeeds */
      result: {
        /** @description Path of the result on this server */
        url: string;
        /** @description Size of the result */
        bytes: number;
        media_type: string;
        /** @description Of a PDF */
        pages?: number;
        /** @description SHA-256 of the bytes in hexadecimal form */
        sha256: string;
        /** @description What the operation did */
        report: components['schemas']['ImageToPdfReport'] | components['schemas']['ImageToPdfArchiveReport'];
      } | null;
      /** @description null unless the job fails */
      error: components['schemas']['Problem'] | null;
    };
    /**
     * @example {
     *       "files": [
     *         {
     *           "index": 0,
     *           "name": "letter.pdf",
     *           "pages": 2
     *         },
     *         {
     *           "index": 1,
     *           "name": "form.pdf",
     *           "pages": 1,
     *           "renamed": {
     *             "form fields": {
     *               "name": "name_2"
     *             }
     *           }
     *         }
     *       ],
     *       "pages": 3
     *     }
     */
    MergePdfReport: {
      /** @description In the order of the request */
      files: {
        /** @description Position of the file in the request, from 0 */
        index: number;
        name: string;
        /** @description Pages of the result that come from the file */
        pages: number;
        /** @description Parts of the file that the result does not have */
        not_kept?: string[];
        /** @description New names by old names for each kind, such as "form fields", or their number if there are many */
        renamed?: {
          [key: string]:
            | {
                [key: string]: string;
              }
            | number;
        };
        /** @description What a reader of the result should know, in English */
        notes?: string[];
      }[];
      pages: number;
      /**
       * @description The result is encrypted with output_password
       * @constant
       */
      encrypted?: true;
      /**
       * @description The result is linearized (fast web view)
       * @constant
       */
      linearized?: true;
      /** @description What a reader of the result should know, in English */
      notes?: string[];
      /**
       * @description The report was too long. Long texts are cut, and the last entries of lists and objects are missing
       * @constant
       */
      shortened?: true;
    };
    /**
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "merge-pdf",
     *       "status": "queued",
     *       "progress": {
     *         "percent": 0,
     *         "stage": "queued"
     *       },
     *       "queue_position": 2,
     *       "attempts": 0,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": null,
     *       "finished_at": null,
     *       "expires_at": null,
     *       "result": null,
     *       "error": null
     *     }
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "merge-pdf",
     *       "status": "succeeded",
     *       "progress": {
     *         "percent": 100,
     *         "stage": "done"
     *       },
     *       "queue_position": null,
     *       "attempts": 1,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": "2026-01-31T12:00:00.020Z",
     *       "finished_at": "2026-01-31T12:00:01.250Z",
     *       "expires_at": "2026-01-31T13:00:01.250Z",
     *       "result": {
     *         "url": "/api/jobs/3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8/result",
     *         "bytes": 120456,
     *         "media_type": "application/pdf",
     *         "pages": 1,
     *         "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     *         "report": {
     *           "files": [
     *             {
     *               "index": 0,
     *               "name": "letter.pdf",
     *               "pages": 2
     *             },
     *             {
     *               "index": 1,
     *               "name": "form.pdf",
     *               "pages": 1,
     *               "renamed": {
     *                 "form fields": {
     *                   "name": "name_2"
     *                 }
     *               }
     *             }
     *           ],
     *           "pages": 3
     *         }
     *       },
     *       "error": null
     *     }
     */
    MergePdfJob: {
      /** @description Part of the addresses of the job. Keep it secret */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      operation: 'merge-pdf';
      /** @enum {string} */
      status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled';
      progress: {
        percent: number;
        /** @description Name of the current step */
        stage: string;
      };
      /** @description Number of jobs that are queued before this one */
      queue_position: number | null;
      /** @description Number of runs, without those that the server repeats after a fault of its own */
      attempts: number;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      /** @description When the result is deleted. null until the job ends */
      expires_at: string | null;
      /** @description null until the job succeeds */
      result: {
        /** @description Path of the result on this server */
        url: string;
        /** @description Size of the result */
        bytes: number;
        media_type: string;
        /** @description Of a PDF */
        pages?: number;
        /** @description SHA-256 of the bytes in hexadecimal form */
        sha256: string;
        /**
         * @description What the operation did
         * @example {
         *       "files": [
         *         {
         *           "index": 0,
         *           "name": "letter.pdf",
         *           "pages": 2
         *         },
         *         {
         *           "index": 1,
         *           "name": "form.pdf",
         *           "pages": 1,
         *           "renamed": {
         *             "form fields": {
         *               "name": "name_2"
         *             }
         *           }
         *         }
         *       ],
         *       "pages": 3
         *     }
         */
        report: components['schemas']['MergePdfReport'];
      } | null;
      /** @description null unless the job fails */
      error: components['schemas']['Problem'] | null;
    };
    /**
     * @example {
     *       "input_bytes": 812345,
     *       "output_bytes": 120456,
     *       "unchanged": false,
     *       "image_counts": {
     *         "resampled": 3,
     *         "recompressed": 0,
     *         "converted": 0,
     *         "kept": 1
     *       },
     *       "streams": {
     *         "repacked": 12,
     *         "saved_bytes": 3210
     *       },
     *       "dropped_objects": 2
     *     }
     */
    CompressPdfReport: {
      input_bytes: number;
      output_bytes: number;
      /** @description Whether the result is the file as it was sent */
      unchanged: boolean;
      /** @description Why the file is unchanged: "signed", "dry run" or "not smaller" */
      reason?: string;
      /** @description The first images */
      images?: {
        /** @description Page of the document, from 1 */
        page: number;
        /** @description Number of the PDF object */
        object: number;
        /** @description In pixels, before */
        width: number;
        /** @description In pixels, before */
        height: number;
        /** @description Lowest resolution at which the image is drawn, before */
        dpi?: number;
        /** @description Encoding before, such as DCTDecode */
        filter: string;
        /** @enum {string} */
        action: 'resampled' | 'recompressed' | 'converted' | 'kept';
        /** @enum {string} */
        encoding?: 'jpeg' | 'flate' | 'palette' | 'jbig2' | 'ccitt';
        /** @description Why it is kept */
        reason?: string;
        /** @description Whether it may have colours that color_mode should remove */
        colored?: boolean;
        bytes_before: number;
        bytes_after: number;
      }[];
      /** @description Number of all images by what was done with them */
      image_counts?: {
        resampled: number;
        recompressed: number;
        converted: number;
        kept: number;
      };
      /** @description The first font programs */
      fonts?: {
        /** @description Name of the font */
        font: string;
        /** @description Number of the PDF object */
        object: number;
        /** @description Kind of the font program, if it is understood */
        kind?: string;
        /** @enum {string} */
        action: 'subset' | 'kept';
        /** @description Why it is kept */
        reason?: string;
        glyphs_before?: number;
        glyphs_after?: number;
        bytes_before: number;
        bytes_after: number;
        /** @description The object of a subset of the same font whose program has the glyphs of this one too */
        joined_with?: number;
      }[];
      color_profiles?: {
        count: number;
        stripped: number;
        bytes_before: number;
        bytes_after: number;
      };
      streams?: {
        repacked: number;
        saved_bytes: number;
      };
      /** @description Entries that strip_metadata removed */
      stripped_entries?: number;
      /** @description Objects that nothing refers to */
      dropped_objects?: number;
      /**
       * @description The file is damaged, and the result is repaired
       * @constant
       */
      repaired?: true;
      /** @description Outcome of target_size */
      target?: {
        bytes: number;
        /** @description Whether the result has at most this size */
        met: boolean;
        /** @description Resolution of the attempt that was written */
        dpi: number;
        /** @description Quality of the attempt that was written */
        image_quality: number;
      };
      /** @description Size that the result would have without dry_run */
      compressed_bytes?: number;
      /**
       * @description The file was encrypted
       * @constant
       */
      decrypted?: true;
      /**
       * @description The result is encrypted with output_password
       * @constant
       */
      encrypted?: true;
      /**
       * @description The result is linearized (fast web view)
       * @constant
       */
      linearized?: true;
      /** @description What a reader of the result should know, in English */
      notes?: string[];
      /**
       * @description The report was too long. Long texts are cut, and the last entries of lists and objects are missing
       * @constant
       */
      shortened?: true;
    };
    /**
     * @example {
     *       "input_bytes": 812345,
     *       "output_bytes": 120700,
     *       "files": [
     *         {
     *           "index": 0,
     *           "original_name": "a.pdf",
     *           "input_bytes": 90,
     *           "error": {
     *             "code": "corrupt_pdf",
     *             "detail": "\"a.pdf\" is empty."
     *           }
     *         }
     *       ],
     *       "unchanged": false
     *     }
     */
    CompressPdfArchiveReport: {
      input_bytes: number;
      output_bytes: number;
      /** @description Number of files that are not in the ZIP */
      failed_files?: number;
      /** @description In the order of the ZIP */
      files: (
        | {
            /** @description Position of the file in the request, from 0 */
            index: number;
            /** @description Name of the PDF in the ZIP */
            name: string;
            original_name: string;
            pages: number;
            input_bytes: number;
            output_bytes: number;
            /** @enum {string} */
            result: 'compressed' | 'original';
            report: components['schemas']['CompressPdfReport'];
          }
        | {
            /** @description Position of the file in the request, from 0 */
            index: number;
            original_name: string;
            input_bytes: number;
            error: {
              code: string;
              detail: string;
            };
          }
      )[];
      /** @description Whether all files are unchanged */
      unchanged: boolean;
      /**
       * @description The report was too long. Long texts are cut, and the last entries of lists and objects are missing
       * @constant
       */
      shortened?: true;
    };
    /**
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "compress-pdf",
     *       "status": "queued",
     *       "progress": {
     *         "percent": 0,
     *         "stage": "queued"
     *       },
     *       "queue_position": 2,
     *       "attempts": 0,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": null,
     *       "finished_at": null,
     *       "expires_at": null,
     *       "result": null,
     *       "error": null
     *     }
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "compress-pdf",
     *       "status": "succeeded",
     *       "progress": {
     *         "percent": 100,
     *         "stage": "done"
     *       },
     *       "queue_position": null,
     *       "attempts": 1,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": "2026-01-31T12:00:00.020Z",
     *       "finished_at": "2026-01-31T12:00:01.250Z",
     *       "expires_at": "2026-01-31T13:00:01.250Z",
     *       "result": {
     *         "url": "/api/jobs/3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8/result",
     *         "bytes": 120456,
     *         "media_type": "application/pdf",
     *         "pages": 1,
     *         "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     *         "report": {
     *           "input_bytes": 812345,
     *           "output_bytes": 120456,
     *           "unchanged": false,
     *           "image_counts": {
     *             "resampled": 3,
     *             "recompressed": 0,
     *             "converted": 0,
     *             "kept": 1
     *           },
     *           "streams": {
     *             "repacked": 12,
     *             "saved_bytes": 3210
     *           },
     *           "dropped_objects": 2
     *         }
     *       },
     *       "error": null
     *     }
     */
    CompressPdfJob: {
      /** @description Part of the addresses of the job. Keep it secret */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      operation: 'compress-pdf';
      /** @enum {string} */
      status: 'queued' | 'active' | 'succeeded' | 'failed' | 'cancelled';
      progress: {
        percent: number;
        /** @description Name of the current step */
        stage: string;
      };
      /** @description Number of jobs that are queued before this one */
      queue_position: number | null;
      /** @description Number of runs, without those that the server repeats after a fault of its own */
      attempts: number;
      /** Format: date-time */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      /** @description When the result is deleted. null until the job ends */
      expires_at: string | null;
      /** @description null until the job succeeds */
      result: {
        /** @description Path of the result on this server */
        url: string;
        /** @description Size of the result */
        bytes: number;
        media_type: string;
        /** @description Of a PDF */
        pages?: number;
        /** @description SHA-256 of the bytes in hexadecimal form */
        sha256: string;
        /** @description What the operation did */
        report: components['schemas']['CompressPdfReport'] | components['schemas']['CompressPdfArchiveReport'];
      } | null;
      /** @description null unless the job fails */
      error: components['schemas']['Problem'] | null;
    };
    /**
     * @example {
     *       "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *       "operation": "image-to-pdf",
     *       "status": "queued",
     *       "progress": {
     *         "percent": 0,
     *         "stage": "queued"
     *       },
     *       "queue_position": 2,
     *       "attempts": 0,
     *       "created_at": "2026-01-31T12:00:00.000Z",
     *       "started_at": null,
     *       "finished_at": null,
     *       "expires_at": null,
     *       "result": null,
     *       "error": null
     *     }
     */
    Job:
      | components['schemas']['ImageToPdfJob']
      | components['schemas']['MergePdfJob']
      | components['schemas']['CompressPdfJob'];
    /**
     * @example {
     *       "type": "job.finished",
     *       "timestamp": "2026-01-31T12:00:01.250Z",
     *       "data": {
     *         "id": "3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8",
     *         "operation": "image-to-pdf",
     *         "status": "succeeded",
     *         "progress": {
     *           "percent": 100,
     *           "stage": "done"
     *         },
     *         "queue_position": null,
     *         "attempts": 1,
     *         "created_at": "2026-01-31T12:00:00.000Z",
     *         "started_at": "2026-01-31T12:00:00.020Z",
     *         "finished_at": "2026-01-31T12:00:01.250Z",
     *         "expires_at": "2026-01-31T13:00:01.250Z",
     *         "result": {
     *           "url": "/api/jobs/3f1c0a5be07d4c2f9a6b81d2e4c7f0a913b5d6e8/result",
     *           "bytes": 120456,
     *           "media_type": "application/pdf",
     *           "pages": 1,
     *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     *           "report": {
     *             "files": [
     *               {
     *                 "index": 0,
     *                 "name": "scan.jpg",
     *                 "pages": 1
     *               }
     *             ],
     *             "pages": 1,
     *             "images": [
     *               {
     *                 "file": 0,
     *                 "page": 1,
     *                 "width": 1654,
     *                 "height": 2339,
     *                 "dpi": [
     *                   200,
     *                   200
     *                 ],
     *                 "filter": "DCTDecode",
     *                 "encoding": "kept"
     *               }
     *             ]
     *           }
     *         },
     *         "error": null
     *       }
     *     }
     */
    Webhook: {
      /** @constant */
      type: 'job.finished';
      /**
       * Format: date-time
       * @description When the job ended
       */
      timestamp: string;
      data: components['schemas']['Job'];
    };
    /**
     * @example {
     *       "status": "healthy"
     *     }
     */
    Health: {
      /** @enum {string} */
      status: 'healthy' | 'unhealthy';
    };
    /**
     * @example {
     *       "status": "live"
     *     }
     */
    Live: {
      /** @constant */
      status: 'live';
    };
    /**
     * @example {
     *       "status": "ready",
     *       "redis": true,
     *       "redis_memory": true,
     *       "disk": true,
     *       "storage": true,
     *       "workers": true,
     *       "stopping": false
     *     }
     */
    Readiness: {
      /** @enum {string} */
      status: 'ready' | 'unready';
      redis: boolean;
      redis_memory: boolean;
      disk: boolean;
      storage: boolean;
      workers: boolean;
      stopping: boolean;
    };
    /**
     * @example {
     *       "version": "1.0.0",
     *       "revision": "unknown",
     *       "node": "24.0.0",
     *       "sandbox": "landlock"
     *     }
     */
    Version: {
      version: string;
      revision: string;
      node: string;
      /** @description Sandbox of the workers. null if no worker runs */
      sandbox: string | null;
    };
    /**
     * @example {
     *       "max_upload_bytes": 52428800,
     *       "max_retain_seconds": 3600,
     *       "sync_wait_seconds": 110,
     *       "max_queued_jobs": 1000,
     *       "max_queued_bytes": 10737418240,
     *       "max_queued_jobs_per_client": 100,
     *       "max_queued_bytes_per_client": 1073741824,
     *       "max_record_bytes": 262144,
     *       "max_field_bytes": 65536,
     *       "max_file_name_characters": 120,
     *       "rate": {
     *         "calls": 40,
     *         "seconds": 2
     *       },
     *       "operations": {}
     *     }
     */
    Limits: {
      /** @description Of all files of a request together */
      max_upload_bytes: number;
      max_retain_seconds: number;
      /** @description Longest wait for a result before the job is sent instead */
      sync_wait_seconds: number;
      /** @description 0 without a limit */
      max_queued_jobs: number;
      /** @description 0 without a limit */
      max_queued_bytes: number;
      /** @description 0 without a limit */
      max_queued_jobs_per_client: number;
      /** @description 0 without a limit */
      max_queued_bytes_per_client: number;
      /** @description Of the parameters and file names of a job as JSON */
      max_record_bytes: number;
      max_field_bytes: number;
      max_file_name_characters: number;
      /** @description null without a limit */
      rate: {
        calls: number;
        seconds: number;
      } | null;
      operations: {
        [key: string]: {
          /** @enum {string} */
          field: 'files' | 'file';
          fields: string[];
          max_files: number;
          /** @description Maximum lengths of texts and lists */
          max_lengths: {
            [key: string]: number;
          };
          /** @description Media types */
          formats: string[];
        };
      };
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
