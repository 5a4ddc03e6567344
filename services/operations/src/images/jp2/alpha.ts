/** Where the alpha channel is, and whether the colours are multiplied by it. */
export type Alpha = 'last' | 'elsewhere' | 'premultiplied';

const [COLOR, OPACITY, PREMULTIPLIED_OPACITY] = [0, 1, 2];
const ENTRY_BYTES = 6;

/** Returns the opacity channel that the channel definition box names (ISO/IEC 15444-1, I.5.3.6), if it names one. */
export function alphaIn(definitions: Buffer | undefined): Alpha | undefined {
  const channels = channelsOf(definitions);
  const alpha = channels.find(({ type }) => type === OPACITY || type === PREMULTIPLIED_OPACITY);
  if (!alpha) return undefined;
  if (alpha.type === PREMULTIPLIED_OPACITY) return 'premultiplied';
  const isInOrder = channels.every(({ index, type, association }) => type !== COLOR || association === index + 1);
  return isInOrder && channels.every(({ index }) => index <= alpha.index) ? 'last' : 'elsewhere';
}

interface Channel {
  readonly index: number;
  readonly type: number;
  /** The colour that a channel is for, counted from 1. */
  readonly association: number;
}

function channelsOf(definitions: Buffer = Buffer.alloc(0)): Channel[] {
  const channels: Channel[] = [];
  for (let at = 2; at + ENTRY_BYTES <= definitions.length; at += ENTRY_BYTES) {
    const [index = 0, type = 0, association = 0] = [0, 2, 4].map((offset) => definitions.readUInt16BE(at + offset));
    channels.push({ index, type, association });
  }
  return channels;
}
