/** The fields of one server-sent event by name. */
export type SentEvent = Readonly<Partial<Record<'id' | 'event' | 'data' | 'retry', string>>>;

/** Yields the events of a stream as they arrive, without comments. Throws if the stream breaks. */
export async function* sentEvents(answer: Response): AsyncGenerator<SentEvent, void> {
  if (!answer.body) return;
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith(':')) yield parseBlock(block);
  }
}

function parseBlock(block: string): SentEvent {
  const fields = block.split('\n').map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  return Object.fromEntries(fields) as SentEvent;
}
