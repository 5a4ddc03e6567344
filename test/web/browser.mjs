import { existsSync } from 'node:fs';

/** Chromium has no sandbox of its own for root. */
export const BROWSER_ARGS = process.getuid() === 0 ? ['--no-sandbox'] : [];

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Returns the path of the browser of this machine. */
export function browserPath() {
  return BROWSERS.find((path) => existsSync(path));
}
