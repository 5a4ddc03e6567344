const MAX_LENGTH = 72;
/** `area: ` or `area, area: `. An area is a module, an operation, a tool or a file. */
const AREA = /^[a-z0-9][\w./-]*(, [a-z0-9][\w./-]*)*: (?=\S)/;
const IMPERATIVE_WITH_ENDING = /^(bring|ping|string|embed|feed|need|seed|shed|speed|exceed|proceed|succeed)$/;
const NOT_A_VERB = /^(a|all|an|any|each|every|no|new|one|some|that|the|these|this|what|when|where|who)$/i;

/**
 * Returns what is wrong with a commit message, one sentence each. What these rules cannot see, such as whether the body
 * says why, is for a reader.
 */
export function checkMessage(message) {
  const [subject = '', ...rest] = message.trimEnd().split('\n');
  if (/^(fixup|squash|amend)! |^Revert "/.test(subject)) return [];
  return [...checkSubject(subject), ...checkBody(rest), ...checkReferences(message)];
}

function checkSubject(subject) {
  const area = AREA.exec(subject)?.[0] ?? '';
  const verb = /^[\w'-]+/.exec(subject.slice(area.length))?.[0] ?? '';
  return [
    ...(area === '' ? ['The subject starts with no area. Write "area: what the commit does".'] : []),
    ...(subject.length > MAX_LENGTH
      ? [`The subject has ${subject.length} characters. At most ${MAX_LENGTH} are allowed.`]
      : []),
    ...(/[.!]$/.test(subject) ? ['The subject ends with a full stop. Leave it out.'] : []),
    ...(area !== '' && !isImperative(verb)
      ? [`"${verb}" is no imperative. Start with a verb, such as "add", "fix" or "keep".`]
      : []),
  ];
}

function isImperative(word) {
  if (IMPERATIVE_WITH_ENDING.test(word)) return true;
  return !NOT_A_VERB.test(word) && !/(ed|ing|[^isu]s)$/i.test(word);
}

function checkBody([blank = '', ...body]) {
  // A line without a space, such as an address, cannot be wrapped. Indented lines quote a program.
  const long = [blank, ...body].filter(
    (line) => line.length > MAX_LENGTH && /\S\s+\S/.test(line) && !/^( {4}|\t)/.test(line),
  );
  return [
    ...(blank !== '' ? ['The line after the subject is not empty.'] : []),
    ...long.map(
      (line) => `A line of the body has ${line.length} characters. Wrap it at ${MAX_LENGTH}: "${line.slice(0, 40)}…"`,
    ),
  ];
}

function checkReferences(message) {
  const reference = /(^|[\s(])(#\d+|GH-\d+|(issue|pull request|PR)s? #?\d+)\b/i.exec(message)?.[2];
  return reference ? [`"${reference}" is a number of a tracker. Say what it was about instead.`] : [];
}
