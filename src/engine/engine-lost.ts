/** An engine that was there and no longer answers. The message is a clause for people. */
export class EngineLostError extends Error {
  override readonly name = "EngineLostError";
}
