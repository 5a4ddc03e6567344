import { ORIGIN } from './examples.js';
import type { Example } from './examples.js';

/** Programs that follow a job by its events, and connect again when the connection is lost. */
export const EVENT_EXAMPLES: readonly Example[] = [
  {
    language: 'JavaScript',
    code: `import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const api = '${ORIGIN}';
const form = new FormData();
form.append('file', new Blob([await readFile('first.pdf')]), 'first.pdf');
const started = await fetch(\`\${api}/api/compress-pdf?async=true\`, { method: 'POST', body: form });
if (!started.ok) throw new Error(await started.text());
let job = await started.json();

// Yields the fields of each event: event, data, id and retry. An empty line ends an event. Lines that start with ":" are comments.
async function* readEvents(body) {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const events = (text + chunk).split('\\n\\n');
    text = events.pop();
    for (const event of events) {
      const lines = event.split('\\n').filter((line) => !line.startsWith(':'));
      yield Object.fromEntries(lines.map((line) => line.split(/: (.*)/)));
    }
  }
}

const isUnfinished = () => job.status === 'queued' || job.status === 'active';
let lastId = '';
while (isUnfinished()) {
  let wait = 2;
  try {
    const response = await fetch(\`\${api}/api/jobs/\${job.id}/events\`, { headers: lastId ? { 'Last-Event-ID': lastId } : {} });
    if (!response.ok) {
      const problem = await response.json();
      if (!problem.retryable) throw new Error(\`\${problem.code}: \${problem.detail}\`);
      wait = Number(response.headers.get('Retry-After') ?? wait);
    } else for await (const { event, data, id } of readEvents(response.body)) {
      if (event === 'gone') throw new Error('the job was deleted');
      if (event !== 'job') continue;
      lastId = id;
      job = JSON.parse(data);
      console.log(job.status, job.progress.percent, job.progress.stage);
    }
  } catch (error) {
    // fetch reports a lost connection as a TypeError.
    if (!(error instanceof TypeError)) throw error;
  }
  if (isUnfinished()) await sleep(wait * 1000);
}
if (job.error) throw new Error(\`\${job.error.code}: \${job.error.detail}\`);
const result = await fetch(api + job.result.url);
if (!result.ok) throw new Error(await result.text());
await writeFile('result.pdf', Buffer.from(await result.arrayBuffer()));
`,
  },
  {
    language: 'Python',
    code: `import json, time
import requests

api = "${ORIGIN}"
started = requests.post(f"{api}/api/compress-pdf?async=true", files={"file": open("first.pdf", "rb")})
if not started.ok:
    raise SystemExit(started.text)
job = started.json()

def read_events(response):
    """Yields the fields of each event. An empty line ends an event. Lines that start with ":" are comments."""
    response.encoding = "utf-8"
    fields = {}
    for line in response.iter_lines(chunk_size=1, decode_unicode=True):
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif fields:
            yield fields
            fields = {}

def is_unfinished():
    return job["status"] in ("queued", "active")

last_id = None
while is_unfinished():
    wait = 2
    headers = {"Last-Event-ID": last_id} if last_id else {}
    try:
        with requests.get(f"{api}/api/jobs/{job['id']}/events", headers=headers, stream=True, timeout=40) as response:
            if not response.ok:
                problem = response.json()
                if not problem["retryable"]:
                    raise SystemExit(f"{problem['code']}: {problem['detail']}")
                wait = float(response.headers.get("Retry-After", wait))
            for fields in read_events(response) if response.ok else []:
                if fields.get("event") == "gone":
                    raise SystemExit("the job was deleted")
                if fields.get("event") == "job":
                    last_id = fields["id"]
                    job = json.loads(fields["data"])
                    print(job["status"], job["progress"]["percent"], job["progress"]["stage"])
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
        pass
    if is_unfinished():
        time.sleep(wait)
if job["error"]:
    raise SystemExit(f"{job['error']['code']}: {job['error']['detail']}")
result = requests.get(api + job["result"]["url"])
if not result.ok:
    raise SystemExit(result.text)
with open("result.pdf", "wb") as output:
    output.write(result.content)
`,
  },
];
