/** Any value that JSON text can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An object of JSON text. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * Parses JSON that a stranger wrote: at most `maxLength` characters and `maxDepth` levels, no `__proto__` key at any
 * level. Null for anything else; never throws.
 */
export function parseJson(text: string, limits: { maxLength: number; maxDepth?: number }): JsonValue | null {
  const maxDepth = limits.maxDepth ?? 16;
  if (text.length > limits.maxLength || !isShallow(text, maxDepth)) return null;
  try {
    return JSON.parse(text, refuseProto) as JsonValue;
  } catch {
    return null;
  }
}

/** Whether a value is a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of the named own fields that is there and not null. */
export function readField(object: JsonObject, ...names: readonly string[]): JsonValue | undefined {
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** Counted on the text, so that a deep document is refused before anything is built from it. */
function isShallow(text: string, maxDepth: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    if (depth > maxDepth) return false;
  }
  return true;
}

function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__ key');
  return value;
}
