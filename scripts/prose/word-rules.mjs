/** Words after which `where` names a place or a case. After any other word it usually stands for `if` or `when`. */
const BEFORE_A_PLACE = [
  ...['about', 'and', 'around', 'by', 'from', 'in', 'into', 'is', 'near', 'not', 'of', 'on', 'or', 'to', 'are', 'was'],
  ...['check', 'checks', 'choose', 'decide', 'decides', 'find', 'finds', 'knows', 'know', 'lead', 'leads', 'reports'],
  ...['say', 'says', 'see', 'sees', 'show', 'shows', 'states', 'stays', 'tracks', 'exactly', 'remembers', 'records'],
  ...['address', 'area', 'byte', 'bytes', 'case', 'cases', 'code', 'column', 'columns', 'content', 'data', 'directory'],
  ...[
    'document',
    'documents',
    'field',
    'file',
    'files',
    'folder',
    'folders',
    'host',
    'hosts',
    'line',
    'lines',
    'machine',
  ],
  ...['machines', 'moment', 'network', 'object', 'offset', 'page', 'pages', 'path', 'place', 'places', 'platform'],
  ...['platforms', 'point', 'points', 'position', 'positions', 'range', 'row', 'rows', 'script', 'section', 'server'],
  ...['situation', 'situations', 'spot', 'spots', 'state', 'states', 'step', 'system', 'systems', 'table', 'test'],
  ...['terminal', 'value', 'world'],
];

/** Each rule: what is banned, what to write, and the uses of the word that are standard English. */
export const WORD_RULES = [
  {
    name: 'where for if',
    banned: new RegExp(`(?<!(^|[.;:(]|\\b(${BEFORE_A_PLACE.join('|')}),?)\\s*)\\bwhere\\b`, 'gi'),
    write: 'if or when',
  },
  { name: 'where there is', banned: /(?<=^|[.;:(]\s*)where\s+(there|no|none|nothing)\b/gi, write: 'if or when' },
  {
    name: 'alone for only',
    banned: /\balone\b/gi,
    write: 'only',
    // "Leave it alone" means not to touch it, and "let alone" means even less.
    standard: /\b(leave|leaves|left|leaving|let|stand|stands)(\s+[\w'’`-]+){0,4}\s+alone\b|\blet\s+alone\b/gi,
  },
  {
    name: 'vague pronoun',
    banned: /\b(nobody|somebody|whoever|whatever|whomever)\b/gi,
    write: 'the actor or the thing',
  },
  { name: 'what there is', banned: /\bwhat\s+(there\s+is|is\s+there)\b/gi, write: 'the noun' },
  {
    name: 'there is none',
    banned: /\bthere\s+(is|are|was|were)\s+none\b/gi,
    write: '"if it does not exist" or the noun',
  },
  {
    name: 'by itself',
    banned: /\b(by|of)\s+(itself|themselves)\b/gi,
    write: 'automatically, or leave it out',
    // The reflexive pronoun after a noun that takes `of`.
    standard: /\b(copy|copies|part|parts|instance|instances)\s+of\s+(itself|themselves)\b/gi,
  },
  { name: 'lies', banned: /\b(lies|lie)\b/gi, write: 'is, or is stored' },
  { name: 'owed', banned: /\b(owed|owes|owing|owe)\b/gi, write: 'is pending' },
  { name: "strangers' files", banned: /\bstrangers?\b/gi, write: 'untrusted input' },
  { name: 'mend', banned: /\bmend(s|ed|ing)?\b/gi, write: 'repair or fix' },
  { name: 'bury', banned: /\b(bury|buries|buried)\b/gi, write: 'expire or delete' },
  { name: 'worn', banned: /\bworn\b/gi, write: '"max jobs reached"' },
  { name: 'swollen', banned: /\bswollen\b/gi, write: '"memory high"' },
  { name: 'doorbell', banned: /\bdoor(bell|keeper|man)s?\b/gi, write: 'notifier or listener' },
  { name: 'verdict', banned: /\b(verdict|condemn)(s|ed|ing)?\b/gi, write: 'error or result' },
  { name: 'blame', banned: /\bblam(e|es|ed|ing)\b/gi, write: 'report, or name the file' },
  { name: 'wish', banned: /\bwish(es|ed)?\b/gi, write: 'target or request' },
  {
    name: 'sound',
    banned: /\bsound\b/g,
    write: 'well-formed or valid',
    // The annotation and the action of that name.
    standard: /\bsound\s+(annotation|action|object|file|stream)s?\b/gi,
  },
  { name: 'tells', banned: /\b(tells|told)\b/gi, write: 'sends, reports or distinguishes' },
  { name: 'at work', banned: /\bat\s+work\b/gi, write: 'running' },
  { name: 'picture', banned: /\bpictures?\b/gi, write: 'image' },
  { name: 'aloud', banned: /\baloud\b/gi, write: 'report it' },
  { name: 'has the say', banned: /\bhas\s+(the|no|a)\s+say\b/gi, write: 'holds the lease, or decides' },
  { name: 'setback', banned: /\bsetbacks?\b/gi, write: 'deferral or stall' },
  { name: 'folder of secrets', banned: /\bfolder\s+of\s+secrets\b/gi, write: 'secrets directory' },
];

/**
 * Returns what is wrong with the prose of a file, `{ line, message }` each. `prose` comes from `proseOf`; only matches
 * that touch one of the `lines` count. Words in backquotes are names, not prose.
 */
export function checkWords(prose, lines = new Set(prose.map(({ line }) => line))) {
  return paragraphs(prose).flatMap(({ start, text }) =>
    WORD_RULES.flatMap((rule) =>
      matchesOf(rule, text).flatMap(({ index, words }) => {
        const first = start + lineBreaks(text.slice(0, index));
        const last = first + lineBreaks(words);
        const touched = Array.from({ length: last - first + 1 }, (_, n) => first + n).some((line) => lines.has(line));
        const message = `"${words.replace(/\s+/g, ' ')}": write ${rule.write}`;
        return touched ? [{ line: first, message }] : [];
      }),
    ),
  );
}

function matchesOf({ banned, standard }, text) {
  const quoted = text.replace(/`[^`\n]*`/g, (name) => '`'.repeat(name.length));
  const exempt = standard ? [...quoted.matchAll(standard)] : [];
  return [...quoted.matchAll(banned)]
    .filter(({ index }) => !exempt.some((match) => index >= match.index && index < match.index + match[0].length))
    .map((match) => ({ index: match.index, words: match[0] }));
}

/** Joins lines that follow each other, so that a phrase is found across a line break. */
function paragraphs(prose) {
  const result = [];
  for (const { line, text } of prose) {
    const last = result.at(-1);
    if (last && last.next === line) {
      last.text += `\n${text}`;
      last.next += 1;
    } else result.push({ start: line, next: line + 1, text });
  }
  return result;
}

function lineBreaks(text) {
  return text.split('\n').length - 1;
}
