/** `head.status`: the text "0" or the number 0 is success and nothing else is, whatever it would be as a truth value (wire notes W3). */
export function isOkStatus(status: unknown): boolean {
  return status === '0' || status === 0;
}

/** `code` and `result`: the number 1 or the text "1" is success and nothing else is (wire notes W3). */
export function isOkCode(code: unknown): boolean {
  return code === 1 || code === '1';
}

/** The `head.status` to send: text, as YD 12.1.2 prints it. */
export function printStatus(isOk: boolean): '0' | '1' {
  return isOk ? '0' : '1';
}

/** The `code` to send: a number, as YD tables 9 and 11 type it. */
export function printCode(isOk: boolean): 1 | 0 {
  return isOk ? 1 : 0;
}

/** The `result` to send: text, as YD table 8 types it. */
export function printResult(isOk: boolean): '1' | '0' {
  return isOk ? '1' : '0';
}
