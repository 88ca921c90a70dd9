/** A value that no log line, JSON text or error message can show by accident; only `reveal` gives it out. */
export interface Secret<T = string> {
  readonly reveal: () => T;
  readonly toString: () => string;
  readonly toJSON: () => string;
}

const mask = '<secret>';
const showMask = (): string => mask;

/** Wraps a value so that printing, serialising and inspecting it give `<secret>`. */
export function createSecret<T>(value: T): Secret<T> {
  const secret = { toString: showMask, toJSON: showMask };
  // Not enumerable: spreading or listing the object does not carry the way to its content along.
  Object.defineProperty(secret, 'reveal', { value: () => value });
  Object.defineProperty(secret, Symbol.for('nodejs.util.inspect.custom'), { value: showMask });
  return Object.freeze(secret) as Secret<T>;
}
