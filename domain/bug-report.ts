/** What of a thrown thing may be logged: its name and its places. The message may quote what was scanned or received. */
export function describeBug(error: unknown): { readonly name: string; readonly stack: string } {
  if (!(error instanceof Error)) return { name: 'not an Error', stack: '' };
  const { name, message, stack = '' } = error;
  // A message of several lines may itself look like places.
  const afterMessage = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : stack;
  const places = afterMessage.split('\n').filter((line) => line.startsWith('    at '));
  return { name, stack: places.join('\n') };
}
