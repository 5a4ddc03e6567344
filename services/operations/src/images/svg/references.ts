/** Elements with their attributes that show something of another document. */
const REFERRING = /<(?:svg:)?(?:image|use|feImage)\s([^<>]*)/g;
const OTHER_FILE = /\bhref\s*=\s*["']\s*(?!data:)[^"'#\s]/i;
const STYLESHEET = /@import\b|<\?xml-stylesheet\b|<xi:include\b/;

/** Whether a document refers to other files for what it shows. They are never loaded. */
export function refersToOtherFiles(text: string): boolean {
  return (
    STYLESHEET.test(text) || [...text.matchAll(REFERRING)].some(([, attributes = '']) => OTHER_FILE.test(attributes))
  );
}
