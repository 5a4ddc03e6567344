/** Returns the location of a file of the built page: `index.html`, or a file of `assets/`. */
export function pageFile(name: string): URL {
  return new URL(`./page/${name}`, import.meta.url);
}

/** Returns the location of a file of the built page for operators. */
export function operatorPageFile(name: string): URL {
  return new URL(`./operators/${name}`, import.meta.url);
}
