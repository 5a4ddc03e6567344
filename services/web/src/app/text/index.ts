import { computed, effect, signal } from '@preact/signals';
import { operationInfo } from '../model/operation.js';
import { localStore } from '../model/store.js';
import { de } from './de.js';
import { en } from './en.js';
import type { OperationText, Texts } from './en.js';
import type { OptionText } from './options-en.js';

const TEXTS = { en, de } as const satisfies Record<string, Texts>;

export type Language = keyof typeof TEXTS;
export const LANGUAGES = Object.keys(TEXTS) as readonly Language[];

const isLanguage = (value: string): value is Language => Object.hasOwn(TEXTS, value);

/** The stored choice, otherwise the first language of the browser that the page has. */
function firstLanguage(): Language {
  const wanted = [localStore.get('language') ?? '', ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  return wanted.find(isLanguage) ?? 'en';
}

export const language = signal<Language>(firstLanguage());

const current = computed(() => TEXTS[language.value]);

/** Returns the texts in the current language. Components that call it follow a change of the language. */
export function t(): Texts {
  return current.value;
}

/** Changes the language and remembers it. */
export function setLanguage(next: Language): void {
  language.value = next;
  localStore.set('language', next);
}

effect(() => {
  document.documentElement.lang = language.value;
});

/** Returns the name of a language in that language. */
export function languageName(name: Language): string {
  return TEXTS[name].language;
}

/** Returns the texts of an operation. One without translation has the title of the registry. */
export function operationText(name: string): OperationText {
  const { title } = operationInfo(name);
  return t().operations[name] ?? { name: title, title, done: title, submit: () => title };
}

/** Returns the texts of a parameter. One without translation has its name and the description of its schema. */
export function optionText(operation: string, param: string): OptionText {
  const { description = '' } = operationInfo(operation).params[param] ?? {};
  const { options } = t();
  return options[`${operation}.${param}`] ?? options[param] ?? { label: param.replaceAll('_', ' '), help: description };
}
