import { announcement } from '../model/announce.js';

/** The live region that screen readers follow. */
export function Announcer() {
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {announcement.value}
    </p>
  );
}
