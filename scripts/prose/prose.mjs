import ts from 'typescript';

const TEST_FUNCTIONS = new Set(['describe', 'it', 'test']);

/**
 * Returns the prose of a file, `{ line, text }` for each of its lines with prose: comments and test names of
 * TypeScript and JavaScript, comments of other files. Lines count from 1.
 */
export function proseOf(path, source) {
  if (/\.[cm]?[jt]s$/.test(path)) return proseOfCode(path, source);
  if (/\.md$/.test(path)) return proseOfMarkdown(source);
  if (/\.lua$/.test(path)) return commentsAfter(/(?:^|\s)--+(?!\[)\s*(.*)$/, source);
  if (/\.(sh|ya?ml|conf|template|toml)$|(^|\/)(Dockerfile|Makefile|pdf-tools|run)$/.test(path))
    return commentsAfter(/(?:^|\s)##?\s(.*)$/, source);
  return [];
}

/** Returns the comments of TypeScript as blocks: consecutive `//` lines are one, and so is a block comment. */
export function commentBlocks(path, source) {
  const blocks = [];
  for (const { line, text } of commentsOfCode(parse(path, source))) {
    const last = blocks.at(-1);
    if (last && text.startsWith('//') && last.text.startsWith('//') && last.end + 1 === line) {
      last.text += `\n${text}`;
      last.end = line;
    } else blocks.push({ line, end: line + text.split('\n').length - 1, text });
  }
  return blocks.map(({ line, text }) => ({ line, text: text.split('\n').map(bare).join('\n').trim() }));
}

function proseOfCode(path, source) {
  const file = parse(path, source);
  const comments = commentsOfCode(file).flatMap(({ line, text }) =>
    text.split('\n').map((part, index) => ({ line: line + index, text: bare(part) })),
  );
  return [...comments, ...testNames(file)].filter(({ text }) => text !== '');
}

function parse(path, source) {
  return ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
}

function bare(line) {
  return line
    .replace(/^\s*(\/\*\*?|\*(?!\/)|\/\/+)\s?/, '')
    .replace(/\s*\*\/\s*$/, '')
    .trim();
}

/** Every comment stands before a token, so the trivia before each token holds all of them, in order. */
function commentsOfCode(file) {
  const comments = [];
  const visit = (node) => {
    const children = node.getChildren(file);
    if (children.length > 0 && !ts.isJsxText(node)) return children.forEach(visit);
    const trivia = file.text.slice(node.pos, node.getStart(file));
    for (const match of trivia.matchAll(/\/\/.*|\/\*[\s\S]*?\*\//g)) {
      const line = file.getLineAndCharacterOfPosition(node.pos + match.index).line + 1;
      comments.push({ line, text: match[0] });
    }
  };
  visit(file);
  return comments;
}

function testNames(file) {
  const names = [];
  const visit = (node) => {
    const [name] = ts.isCallExpression(node) && isTestFunction(node.expression) ? node.arguments : [];
    if (name && (ts.isStringLiteralLike(name) || ts.isTemplateExpression(name))) {
      const line = file.getLineAndCharacterOfPosition(name.getStart(file)).line + 1;
      names.push({ line, text: name.getText(file).slice(1, -1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** `it(`, `it.only(` and `it.each(…)(`. */
function isTestFunction(expression) {
  if (ts.isIdentifier(expression)) return TEST_FUNCTIONS.has(expression.text);
  if (ts.isPropertyAccessExpression(expression)) return isTestFunction(expression.expression);
  return ts.isCallExpression(expression) && isTestFunction(expression.expression);
}

function commentsAfter(pattern, source) {
  return source.split('\n').flatMap((line, index) => {
    const text = pattern.exec(line)?.[1]?.trim();
    return text ? [{ line: index + 1, text }] : [];
  });
}

function proseOfMarkdown(source) {
  let fenced = false;
  return source.split('\n').flatMap((line, index) => {
    const fence = /^\s*```/.test(line);
    if (fence) fenced = !fenced;
    const text = line.replace(/`[^`]*`/g, '`…`').trim();
    return fence || fenced || text === '' ? [] : [{ line: index + 1, text }];
  });
}
