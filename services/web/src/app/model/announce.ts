import { signal } from '@preact/signals';

/** The last message for screen readers. `ui/announcer.tsx` puts it into a live region. */
export const announcement = signal('');

/** Has screen readers read a message. */
export function announce(message: string): void {
  // A live region does not repeat an equal text, so every second message ends with a no-break space.
  announcement.value = announcement.value === message ? `${message}\u00a0` : message;
}
