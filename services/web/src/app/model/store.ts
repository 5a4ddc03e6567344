/** Reads and writes strings. A browser that refuses storage behaves as if it were empty. */
export interface TextStore {
  readonly get: (name: string) => string | undefined;
  readonly set: (name: string, value: string) => void;
  readonly remove: (name: string) => void;
}

const PREFIX = 'pdf-tools:';

function textStore(open: () => Storage): TextStore {
  const attempt = <Value>(use: (storage: Storage) => Value): Value | undefined => {
    try {
      return use(open());
    } catch {
      return undefined;
    }
  };
  return {
    get: (name) => attempt((storage) => storage.getItem(PREFIX + name)) ?? undefined,
    set: (name, value) => {
      attempt((storage) => {
        storage.setItem(PREFIX + name, value);
      });
    },
    remove: (name) => {
      attempt((storage) => {
        storage.removeItem(PREFIX + name);
      });
    },
  };
}

/** Kept until the person deletes it. */
export const localStore = textStore(() => localStorage);
/** Kept until the tab is closed. Job IDs and the API key give access to files, so they are stored only here. */
export const sessionStore = textStore(() => sessionStorage);
