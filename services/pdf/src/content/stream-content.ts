import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import type { PdfStream } from '../syntax/objects.js';
import { DrawnContent } from './drawn.js';
import type { Resources } from './resources.js';

/** Content in streams: one or several of a page, one of anything else. */
export class StreamContent extends DrawnContent {
  isRead = false;
  /** Whether its streams cannot be decoded. */
  isUndecodable = false;
  /** Whether it uses a name that its own resources do not have. */
  needsCaller = false;
  /** The resources that it was requested with, if it needs them, by their identifiers. */
  readonly callers = new Map<string, Resources | undefined>();
  /** Maximum visible coordinate in its space. Undefined if it is unknown. */
  reach: number | undefined;

  /** `num` is the object number of the stream, 0 for the content of a page. */
  constructor(
    readonly num: SourceObjectNumber,
    readonly streams: readonly PdfStream[],
    readonly own: Resources | undefined,
    /** The resources of the first content that draws it. */
    readonly caller: Resources | undefined,
  ) {
    super();
  }
}
