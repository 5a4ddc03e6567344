import { describe, expect, it } from '@jest/globals';
import { Rc4 } from './rc4.js';

describe('Rc4', () => {
  it.each([
    ['Key', 'Plaintext', 'bbf316e8d940af0ad3'],
    ['Wiki', 'pedia', '1021bf0420'],
    ['Secret', 'Attack at dawn', '45a01f645fc35b383552544b9bf5'],
    ['Key', '', ''],
  ])('under %s encrypts %s', (key, plain, encrypted) => {
    expect(new Rc4(Buffer.from(key)).process(Buffer.from(plain)).toString('hex')).toBe(encrypted);
    expect(new Rc4(Buffer.from(key)).process(Buffer.from(encrypted, 'hex')).toString()).toBe(plain);
  });

  it('matches the key stream of RFC 6229 at high offsets', () => {
    const rc4 = new Rc4(Buffer.from('0102030405', 'hex'));
    const stream = rc4.process(Buffer.alloc(4112));
    expect(stream.subarray(0, 16).toString('hex')).toBe('b2396305f03dc027ccc3524a0a1118a8');
    expect(stream.subarray(4096).toString('hex')).toBe('ff25b58995996707e51fbdf08b34d875');
  });

  it('continues the key stream in the next call', () => {
    const whole = new Rc4(Buffer.from('Secret')).process(Buffer.from('Attack at dawn'));
    const rc4 = new Rc4(Buffer.from('Secret'));
    expect(Buffer.concat([rc4.process(Buffer.from('Attack')), rc4.process(Buffer.from(' at dawn'))])).toEqual(whole);
  });
});
