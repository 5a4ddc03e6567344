import { useEffect, useState } from 'preact/hooks';
import { clockOffset } from '../api/client.js';
import { formatCountdown } from '../text/format.js';
import { t } from '../text/index.js';

/** The time until the server deletes a result, by the clock of the server. */
export function Countdown({ expiresAt, onEnd }: { expiresAt: string; onEnd: () => void }) {
  const [now, setNow] = useState(Date.now());
  const left = (Date.parse(expiresAt) - now - clockOffset.value) / 1_000;
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  useEffect(() => {
    if (left <= 0) onEnd();
  }, [left <= 0]);
  return <span role="timer">{t().result.deletedIn(formatCountdown(left))}</span>;
}
