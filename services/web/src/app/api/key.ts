import { signal } from '@preact/signals';
import { sessionStore } from '../model/store.js';

/** The API key, empty without one. */
export const apiKey = signal(sessionStore.get('key') ?? '');

/** Whether the server refused a request for lack of a valid key. The page then asks for one. */
export const keyWanted = signal(false);

/** Sets the key and lets waiting requests go on. */
export function setApiKey(key: string): void {
  apiKey.value = key;
  if (key === '') sessionStore.remove('key');
  else sessionStore.set('key', key);
  keyWanted.value = false;
  for (const resume of waiting.splice(0)) resume();
}

const waiting: (() => void)[] = [];

/** Asks for a key. Resolves when the person has entered one, or rejects when the signal aborts. */
export function nextKey(signal_: AbortSignal): Promise<void> {
  keyWanted.value = true;
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal_.addEventListener('abort', () => {
      reject(signal_.reason as Error);
    });
  });
}

/** Returns the headers that authenticate a request. */
export function authorization(): Record<string, string> {
  return apiKey.value === '' ? {} : { Authorization: `Bearer ${apiKey.value}` };
}
