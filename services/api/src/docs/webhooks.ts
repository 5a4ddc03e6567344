/** The `webhooks` section of the OpenAPI document, which describes what a `callback_url` receives. */
export const WEBHOOKS = {
  'job.finished': {
    post: {
      operationId: 'job-finished',
      tags: ['webhooks'],
      summary: 'A job with a callback_url has ended',
      description:
        'Sent until the receiver answers 2xx. It is repeated after about 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h and 12 h, ' +
        'unless the receiver answers 410. A webhook may arrive more than once, always with the same webhook-id. ' +
        'It is signed as the Standard Webhooks specification describes.',
      security: [{}],
      parameters: [
        header('webhook-id', 'The same for every attempt. Ignore an id that was received before'),
        header(
          'webhook-timestamp',
          'Time of this attempt in seconds since the epoch. Refuse it if it is older than 5 minutes',
        ),
        header(
          'webhook-signature',
          'v1, and the base64 of the HMAC-SHA256 of id.timestamp.body. Several signatures are separated by spaces',
        ),
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Webhook' },
          },
        },
      },
      responses: {
        '2XX': { description: 'Received' },
        410: { description: 'The receiver wants no further attempts' },
        default: { description: 'The attempt is repeated later' },
      },
    },
  },
} as const;

function header(name: string, description: string) {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } } as const;
}
