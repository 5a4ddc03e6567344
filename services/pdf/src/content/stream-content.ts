import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import type { PdfStream } from '../syntax/objects.js';
import { DrawnContent } from './drawn.js';
import type { Resources } from './resources.js';

/** Content that lies in streams: several of a page, one of anything else. */
export class StreamContent extends DrawnContent {
  isRead = false;
  /** True if its streams cannot be decoded. */
  isUndecodable = false;
  /** True once a name was looked up that its own resources do not have. */
  needsCaller = false;
  /** The resources with which it was asked for, if it needs them. */
  readonly callers = new Set<string>();

  /** `num` is the object number of the stream, 0 for the content of a page. */
  constructor(
    readonly num: SourceObjectNumber,
    readonly streams: readonly PdfStream[],
    readonly own: Resources | undefined,
    /** The resources of what draws it first. */
    readonly caller: Resources | undefined,
  ) {
    super();
  }
}
