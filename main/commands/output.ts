/** Where a command says what it does: text for people, or one JSON object a line for machines, never both. */
export interface Output {
  /** A line for people; nothing under `--json`. */
  say(line: string): void;
  /** An object for machines; nothing without `--json`. */
  record(value: object): void;
  /** What went wrong: on the error stream, and under `--json` as `{error}` on the output too. */
  complain(sentence: string): void;
}

/** A place for text: `process.stdout` and `process.stderr` are two. */
export interface TextSink {
  write(text: string): unknown;
}

/** Creates the output of one command call. */
export function createOutput(deps: { isJson: boolean; out: TextSink; err: TextSink }): Output {
  const { isJson, out, err } = deps;
  return {
    say: (line) => void (isJson || out.write(`${line}\n`)),
    record: (value) => void (isJson && out.write(`${JSON.stringify(value)}\n`)),
    complain: (sentence) => {
      err.write(`counter: ${sentence}\n`);
      if (isJson) out.write(`${JSON.stringify({ error: sentence })}\n`);
    },
  };
}
