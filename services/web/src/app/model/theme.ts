import { effect, signal } from '@preact/signals';
import { localStore } from './store.js';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const stored = localStore.get('theme');

export const theme = signal<Theme>(THEMES.find((name) => name === stored) ?? 'auto');

effect(() => {
  localStore.set('theme', theme.value);
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});
