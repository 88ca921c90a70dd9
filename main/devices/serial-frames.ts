/** How a scanner marks the beginning and the end of a code; both may be empty. */
export interface FrameSettings {
  /** One that begins with a control character begins every code: what comes before it is noise. Another is taken off where it is. */
  readonly prefix: string;
  /** Empty: a pause between bytes ends the code. */
  readonly suffix: string;
  readonly maxBytes: number;
}

/** The bytes of one code without prefix and suffix; or that one grew beyond the limit; or that a part of one came. */
export type Frame = { readonly kind: 'code'; readonly bytes: Uint8Array } | { readonly kind: 'too-long' } | { readonly kind: 'torn' };

/** Puts bytes that arrive in any pieces together into codes. */
export interface FrameAssembler {
  push(chunk: Uint8Array): Frame[];
  /** The line has been silent: what is there is a code, or the end of one that was too long. */
  pause(): Frame[];
  /** Whether a beginning waits for its end. */
  isPending(): boolean;
}

/**
 * Creates a frame assembler. Holds at most `maxBytes` and the marks; a longer run is reported once and thrown away up to its suffix, the
 * next pause or the next beginning. Line ends before a code are skipped, so that a scanner that sends CR LF works with suffix CR.
 */
export function createFrameAssembler({ prefix, suffix, maxBytes }: FrameSettings): FrameAssembler {
  const head = Buffer.from(prefix, 'latin1');
  const tail = Buffer.from(suffix, 'latin1');
  const isStrict = (head[0] ?? 0x20) < 0x20;
  const kept = Math.max(head.length, tail.length);
  const buffer = Buffer.alloc(head.length + maxBytes + kept);
  let length = 0;
  let isSkipping = false;
  // Whether what comes belongs to a code; without a strict prefix everything does.
  let isInside = !isStrict;

  const reset = (inside: boolean): void => {
    [length, isSkipping, isInside] = [0, false, inside];
  };

  const finish = (end: number): Frame[] => {
    const [wasSkipping, wasInside] = [isSkipping, isInside];
    const raw = buffer.subarray(0, end);
    reset(!isStrict);
    if (wasSkipping) return [];
    if (!wasInside) return raw.length > 0 ? [{ kind: 'torn' }] : [];
    const isMarked = !isStrict && head.length > 0 && raw.subarray(0, head.length).equals(head);
    const bytes = Uint8Array.from(isMarked ? raw.subarray(head.length) : raw);
    if (bytes.length > maxBytes) return [{ kind: 'too-long' }];
    return bytes.length > 0 ? [{ kind: 'code', bytes }] : [];
  };

  /** A code begins here: one that had begun before will never end. */
  const begin = (): Frame[] => {
    const isTorn = isInside && !isSkipping && length > head.length;
    reset(true);
    return isTorn ? [{ kind: 'torn' }] : [];
  };

  const makeRoom = (): Frame[] => {
    const isFirst = !isSkipping;
    isSkipping = true;
    // Only the last bytes are still of interest: they may turn out to be a mark.
    buffer.copyWithin(0, length - kept, length);
    length = kept;
    return isFirst ? [{ kind: 'too-long' }] : [];
  };

  const pushByte = (byte: number): Frame[] => {
    if (length === 0 && !isSkipping && isLineEnd(byte)) return [];
    const frames = length === buffer.length ? makeRoom() : [];
    buffer[length] = byte;
    length += 1;
    if (isStrict && endsWith(buffer, length, head)) return [...frames, ...begin()];
    return endsWith(buffer, length, tail) ? [...frames, ...finish(length - tail.length)] : frames;
  };

  return {
    push: (chunk) => {
      const frames: Frame[] = [];
      for (const byte of chunk) frames.push(...pushByte(byte));
      return frames;
    },
    pause: () => {
      // With both marks a code without its end is a part of one; with a suffix alone the suffix may have been set off.
      if (isStrict && tail.length > 0 && !isSkipping) isInside = false;
      return finish(length);
    },
    isPending: () => length > 0 || isSkipping || (isStrict && isInside),
  };
}

function endsWith(buffer: Buffer, length: number, mark: Buffer): boolean {
  return mark.length > 0 && length >= mark.length && buffer[length - 1] === mark.at(-1) && buffer.subarray(length - mark.length, length).equals(mark);
}

function isLineEnd(byte: number): boolean {
  return byte === 0x0d || byte === 0x0a || byte === 0x00;
}
