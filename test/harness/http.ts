/** A file of a multipart form. */
export interface FormFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly field?: string;
}

/** Returns a multipart body as a browser would send it. `fields` are text. */
export function form(files: readonly FormFile[], fields: Readonly<Record<string, string>> = {}): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const { name, bytes, field } of files) body.append(field ?? 'files', new Blob([new Uint8Array(bytes)]), name);
  return body;
}

export interface Job {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly result: {
    readonly url: string;
    readonly bytes: number;
    readonly pages: number;
    readonly sha256: string;
    readonly report: Readonly<Record<string, unknown>>;
  } | null;
  readonly error: Problem | null;
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly request_id: string;
  readonly errors: readonly {
    readonly file?: string;
    readonly index?: number;
    readonly param?: string;
    readonly limit?: number;
    readonly message: string;
  }[];
}

export async function json<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

export async function bytes(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}
