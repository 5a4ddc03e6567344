const STATES = 256;

/** RC4, which OpenSSL 3 no longer has. Encryption and decryption are the same. `key` has 1 to 256 bytes. */
export class Rc4 {
  readonly #state = new Uint8Array(STATES);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const state = this.#state;
    for (let at = 0; at < STATES; at += 1) state[at] = at;
    let other = 0;
    for (let at = 0; at < STATES; at += 1) {
      const value = state[at] ?? 0;
      other = (other + value + (key[at % key.length] ?? 0)) & 0xff;
      state[at] = state[other] ?? 0;
      state[other] = value;
    }
  }

  /** Processes the next bytes of the message. */
  process(data: Uint8Array): Buffer {
    const result = Buffer.allocUnsafe(data.length);
    const state = this.#state;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < data.length; at += 1) {
      i = (i + 1) & 0xff;
      const a = state[i] ?? 0;
      j = (j + a) & 0xff;
      const b = state[j] ?? 0;
      state[i] = b;
      state[j] = a;
      result[at] = (data[at] ?? 0) ^ (state[(a + b) & 0xff] ?? 0);
    }
    this.#i = i;
    this.#j = j;
    return result;
  }
}
