/** How a scanner marks the beginning and the end of a code; both may be empty. */
export interface FrameSettings {
  readonly prefix: string;
  /** Empty: a pause between bytes ends the code. */
  readonly suffix: string;
  readonly maxBytes: number;
}

/** What the assembler found: the bytes of one code without prefix and suffix, or that one grew beyond the limit. */
export type Frame = { readonly kind: 'code'; readonly bytes: Uint8Array } | { readonly kind: 'too-long' };

/** Puts bytes that arrive in any pieces together into codes. */
export interface FrameAssembler {
  push(chunk: Uint8Array): Frame[];
  /** The line has been silent: what is there is a code, or the end of one that was too long. */
  pause(): Frame[];
  /** Whether a beginning waits for its end. */
  isPending(): boolean;
}

/**
 * Creates a frame assembler. Holds at most `maxBytes` and the suffix; a longer run is reported once and thrown away up to its suffix or the
 * next pause. Line ends before a code are skipped, so that a scanner that sends CR LF works with suffix CR.
 */
export function createFrameAssembler({ prefix, suffix, maxBytes }: FrameSettings): FrameAssembler {
  const head = Buffer.from(prefix, 'latin1');
  const tail = Buffer.from(suffix, 'latin1');
  const buffer = Buffer.alloc(head.length + maxBytes + tail.length);
  let length = 0;
  let isSkipping = false;

  const finish = (end: number): Frame[] => {
    const wasSkipping = isSkipping;
    const raw = buffer.subarray(0, end);
    length = 0;
    isSkipping = false;
    if (wasSkipping) return [];
    const bytes = Uint8Array.from(head.length > 0 && raw.subarray(0, head.length).equals(head) ? raw.subarray(head.length) : raw);
    if (bytes.length > maxBytes) return [{ kind: 'too-long' }];
    return bytes.length > 0 ? [{ kind: 'code', bytes }] : [];
  };

  const pushByte = (byte: number): Frame[] => {
    if (length === 0 && !isSkipping && isLineEnd(byte)) return [];
    const frames: Frame[] = [];
    if (length === buffer.length) {
      if (!isSkipping) frames.push({ kind: 'too-long' });
      isSkipping = true;
      // Only the last bytes are still of interest: they may turn out to be the suffix.
      buffer.copyWithin(0, length - tail.length, length);
      length = tail.length;
    }
    buffer[length] = byte;
    length += 1;
    const isEnd = byte === tail.at(-1) && length >= tail.length && buffer.subarray(length - tail.length, length).equals(tail);
    if (isEnd) frames.push(...finish(length - tail.length));
    return frames;
  };

  return {
    push: (chunk) => {
      const frames: Frame[] = [];
      for (const byte of chunk) frames.push(...pushByte(byte));
      return frames;
    },
    pause: () => finish(length),
    isPending: () => length > 0 || isSkipping,
  };
}

function isLineEnd(byte: number): boolean {
  return byte === 0x0d || byte === 0x0a || byte === 0x00;
}
