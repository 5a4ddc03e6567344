import { describe, expect, it } from '@jest/globals';
import { webhookKeys } from '@pdf-tools/jobs/webhook-config';
import { signatureHeaders } from './sign.js';

/** Test vector of the Standard Webhooks libraries. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  message: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('signatureHeaders', () => {
  it('produces the signature of the specification’s test vector', () => {
    expect(signatureHeaders(VECTOR.message, webhookKeys(VECTOR.secret))).toEqual({
      'webhook-id': VECTOR.message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': VECTOR.signature,
    });
  });

  it('signs with every key, for the time of a key rotation', () => {
    const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const headers = signatureHeaders(VECTOR.message, webhookKeys(`${other},${VECTOR.secret}`));
    const signatures = headers['webhook-signature']?.split(' ') ?? [];
    expect(signatures).toHaveLength(2);
    expect(signatures[1]).toBe(VECTOR.signature);
    expect(signatures[0]).not.toBe(VECTOR.signature);
  });
});
