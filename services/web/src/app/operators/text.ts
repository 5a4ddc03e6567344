import { computed } from '@preact/signals';
import { language } from '../text/index.js';
import { operatorsDe } from './text-de.js';
import { operatorsEn } from './text-en.js';
import type { OperatorTexts } from './text-en.js';

const current = computed(() => (language.value === 'de' ? operatorsDe : operatorsEn));

/** Returns the texts of the page for operators in the current language. */
export function texts(): OperatorTexts {
  return current.value;
}
