import type { Run } from '../operation.js';

export const run: Run<unknown> = () => Promise.reject(new Error('not written yet'));
