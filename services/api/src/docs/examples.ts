import { FORMATS } from '@pdf-tools/operations/formats';
import { resultFileName } from '@pdf-tools/operations/operation';
import type { Operation } from '@pdf-tools/operations/operation';

/** Stands for the origin in the page until a request names it. */
export const ORIGIN = 'https://origin.invalid';

/** A program on the page, which a test runs as printed. */
export interface Example {
  readonly language: 'curl' | 'JavaScript' | 'Python';
  readonly code: string;
}

/** Parameters of the examples by operation, as a form carries them. */
const PARAMETERS: Readonly<Record<string, readonly (readonly [name: string, value: string])[]>> = {
  'image-to-pdf': [['page_size', 'A4']],
  'merge-pdf': [['items', '[{"file": 1, "pages": "1"}, {"file": 0, "rotate": 90}]']],
  'compress-pdf': [['level', 'screen']],
};

/** Returns the examples of a request for an operation. */
export function operationExamples(name: string, { accepts, result }: Operation): Example[] {
  const extension = FORMATS[accepts.formats[0] ?? 'pdf'].extension;
  const files = (accepts.field === 'file' ? ['first'] : ['first', 'second']).map((stem) => `${stem}.${extension}`);
  const call = {
    name,
    field: accepts.field,
    files,
    parameters: PARAMETERS[name] ?? [],
    output: resultFileName(result),
  };
  return [
    { language: 'curl', code: curl(call) },
    { language: 'JavaScript', code: javaScript(call) },
    { language: 'Python', code: python(call) },
  ];
}

interface Call {
  readonly name: string;
  readonly field: string;
  readonly files: readonly string[];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly output: string;
}

function curl({ name, field, files, parameters, output }: Call): string {
  const parts = [
    ...files.map((file) => `-F ${field}=@${file}`),
    ...parameters.map(([param, value]) => `-F '${param}=${value}'`),
  ];
  return `curl --fail-with-body ${parts.join(' ')} -o ${output} ${ORIGIN}/api/${name}`;
}

function javaScript({ name, field, files, parameters, output }: Call): string {
  return `import { readFile, writeFile } from 'node:fs/promises';

const form = new FormData();
for (const name of [${files.map((file) => `'${file}'`).join(', ')}])
  form.append('${field}', new Blob([await readFile(name)]), name);
${parameters.map(([param, value]) => `form.append('${param}', '${value}');\n`).join('')}
const response = await fetch('${ORIGIN}/api/${name}', { method: 'POST', body: form });
if (response.status !== 200) throw new Error(await response.text());
await writeFile('${output}', Buffer.from(await response.arrayBuffer()));
`;
}

function python({ name, field, files, parameters, output }: Call): string {
  const data = parameters.map(([param, value]) => `"${param}": '${value}'`).join(', ');
  return `import requests

files = [("${field}", open(name, "rb")) for name in [${files.map((file) => `"${file}"`).join(', ')}]]
response = requests.post("${ORIGIN}/api/${name}", files=files, data={${data}})
if response.status_code != 200:
    raise SystemExit(response.text)
with open("${output}", "wb") as output:
    output.write(response.content)
`;
}

/** A job from its start to its deletion. */
export const JOB_EXAMPLES: readonly Example[] = [
  {
    language: 'curl',
    code: `# Start the job. The response has its path in the Location header.
curl --fail-with-body -sS -D headers.txt -o job.json -H 'Prefer: respond-async' -H "Idempotency-Key: order-4711" \\
  -F file=@first.pdf ${ORIGIN}/api/compress-pdf
job=$(tr -d '\\r' < headers.txt | sed -n 's/^[Ll]ocation: //p')

curl --fail-with-body -sS -N "${ORIGIN}$job/events"                    # follow it until it ends
curl --fail-with-body -sS "${ORIGIN}$job"                              # its state and report
curl --fail-with-body -sS -o result.pdf "${ORIGIN}$job/result"         # its result
curl --fail-with-body -sS -X DELETE "${ORIGIN}$job"                    # delete all its files now
`,
  },
  {
    language: 'JavaScript',
    code: `import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const api = '${ORIGIN}';
const form = new FormData();
form.append('file', new Blob([await readFile('first.pdf')]), 'first.pdf');

async function ask(path, options) {
  const response = await fetch(api + path, options);
  if (!response.ok) throw new Error(await response.text());
  return response;
}

let job = await (await ask('/api/compress-pdf?async=true', { method: 'POST', body: form })).json();
const path = \`/api/jobs/\${job.id}\`;
while (job.status === 'queued' || job.status === 'active') {
  await sleep(1000);
  job = await (await ask(path)).json();
  console.log(job.status, job.progress.percent);
}
if (job.error) throw new Error(\`\${job.error.code}: \${job.error.detail}\`);
const result = await ask(job.result.url);
await writeFile('result.pdf', Buffer.from(await result.arrayBuffer()));
await ask(path, { method: 'DELETE' });
`,
  },
  {
    language: 'Python',
    code: `import time
import requests

api = "${ORIGIN}"

def ask(method, path, **options):
    response = requests.request(method, api + path, **options)
    if not response.ok:
        raise SystemExit(response.text)
    return response

files = {"file": open("first.pdf", "rb")}
job = ask("POST", "/api/compress-pdf?async=true", files=files).json()
path = f"/api/jobs/{job['id']}"
while job["status"] in ("queued", "active"):
    time.sleep(1)
    job = ask("GET", path).json()
    print(job["status"], job["progress"]["percent"])
if job["error"]:
    raise SystemExit(f"{job['error']['code']}: {job['error']['detail']}")
with open("result.pdf", "wb") as output:
    output.write(ask("GET", job["result"]["url"]).content)
ask("DELETE", path)
`,
  },
];

/** Receivers of webhooks, which check the signature. */
export const WEBHOOK_EXAMPLES: readonly Example[] = [
  {
    language: 'JavaScript',
    code: `import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace('whsec_', ''), 'base64');

function isValid(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false;
  const expected = createHmac('sha256', key).update(\`\${id}.\${timestamp}.\${body}\`).digest();
  return String(signatures).split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const valid = isValid(request.headers, body);
  response.writeHead(valid ? 204 : 401).end();
  if (valid) console.log(JSON.parse(body).data.status);
});
server.listen(Number(process.env.PORT ?? 8000));
`,
  },
  {
    language: 'Python',
    code: `import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

key = base64.b64decode(os.environ["WEBHOOK_SECRET"].replace("whsec_", ""))

def is_valid(headers, body):
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False
    content = f"{headers.get('webhook-id')}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(signature.encode(), expected.encode()) for signature in signatures)

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        valid = is_valid(self.headers, body)
        self.send_response(204 if valid else 401)
        self.end_headers()
        if valid:
            print(json.loads(body)["data"]["status"], flush=True)

HTTPServer(("", int(os.environ.get("PORT", 8000))), Receiver).serve_forever()
`,
  },
];
