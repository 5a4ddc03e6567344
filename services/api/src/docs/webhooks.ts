/** The `webhooks` section of the OpenAPI document: what receivers at a `callback_url` get. */
export const WEBHOOKS = {
  'job.finished': {
    post: {
      operationId: 'job-finished',
      tags: ['webhooks'],
      summary: 'A job with a callback_url has ended',
      description:
        'Sent until the receiver answers 2xx: again after about 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h and 12 h; 410 ends it. ' +
        'A webhook may come more than once, always under the same webhook-id. Signed after the Standard Webhooks specification.',
      security: [{}],
      parameters: [
        header('webhook-id', 'The same for every attempt: drop what you have seen'),
        header('webhook-timestamp', 'Seconds since the epoch of this attempt: refuse what is older than 5 minutes'),
        header(
          'webhook-signature',
          'v1, and the base64 of HMAC-SHA256 over id.timestamp.body; several with a space between',
        ),
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                type: { const: 'job.finished' },
                timestamp: { type: 'string', format: 'date-time', description: 'When the job ended' },
                data: { $ref: '#/components/schemas/Job' },
              },
              required: ['type', 'timestamp', 'data'],
            },
          },
        },
      },
      responses: {
        '2XX': { description: 'Taken' },
        410: { description: 'Not wanted any more: no further attempt' },
        default: { description: 'Tried again later' },
      },
    },
  },
} as const;

function header(name: string, description: string) {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } } as const;
}
