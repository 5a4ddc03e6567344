/** A document that exceeds a limit of linearization. The message is a sentence about the document. */
export class LinearizationLimit extends Error {
  override readonly name = 'LinearizationLimit';
}
