import { ORIGIN } from './examples.js';
import type { Example } from './examples.js';

/** Programs that repeat a request as long as its error may go away, and print what is wrong otherwise. */
export const RETRY_EXAMPLES: readonly Example[] = [
  {
    language: 'JavaScript',
    code: `import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

// The Idempotency-Key keeps a repeated request from starting a second job.
async function send(url, options, attempts = 5) {
  const headers = { 'Idempotency-Key': randomUUID(), ...options.headers };
  for (let attempt = 1; ; attempt++) {
    let wait = 2 ** attempt;
    try {
      const response = await fetch(url, { ...options, headers });
      if (response.ok) return response;
      const problem = await response.json();
      for (const { file, param, message } of problem.errors) console.error(file ?? param ?? '', message);
      if (!problem.retryable || attempt === attempts) throw new Error(\`\${problem.code}: \${problem.detail}\`);
      wait = Number(response.headers.get('Retry-After') ?? wait);
    } catch (error) {
      // fetch reports a lost connection as a TypeError.
      if (!(error instanceof TypeError) || attempt === attempts) throw error;
    }
    await sleep(wait * 1000);
  }
}

const form = new FormData();
form.append('file', new Blob([await readFile('first.pdf')]), 'first.pdf');
const response = await send('${ORIGIN}/api/compress-pdf', { method: 'POST', body: form });
if (response.status !== 200) throw new Error(await response.text());
await writeFile('compressed.pdf', Buffer.from(await response.arrayBuffer()));
`,
  },
  {
    language: 'Python',
    code: `import sys, time, uuid
import requests

def send(method, url, attempts=5, **options):
    """The Idempotency-Key keeps a repeated request from starting a second job."""
    headers = {"Idempotency-Key": str(uuid.uuid4()), **options.pop("headers", {})}
    for attempt in range(1, attempts + 1):
        wait = 2 ** attempt
        try:
            response = requests.request(method, url, headers=headers, **options)
            if response.ok:
                return response
            problem = response.json()
            for error in problem["errors"]:
                print(error.get("file", error.get("param", "")), error["message"], file=sys.stderr)
            if not problem["retryable"] or attempt == attempts:
                raise SystemExit(f"{problem['code']}: {problem['detail']}")
            wait = float(response.headers.get("Retry-After", wait))
        except requests.ConnectionError:
            if attempt == attempts:
                raise
        time.sleep(wait)

# A file object would be at its end when the request is repeated, so this sends its bytes.
with open("first.pdf", "rb") as file:
    files = {"file": ("first.pdf", file.read())}
response = send("POST", "${ORIGIN}/api/compress-pdf", files=files)
if response.status_code != 200:
    raise SystemExit(response.text)
with open("compressed.pdf", "wb") as output:
    output.write(response.content)
`,
  },
];
