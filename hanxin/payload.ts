import { createBitReader } from './bit-reader.ts';
import { decodeCharacters, decodeLatin1 } from './character-set.ts';
import { readSegments, type ReadSegment } from './segment-reader.ts';

/** What the bit stream of a symbol says. */
export interface Payload {
  /** The bytes as transmitted, without ECI designators. */
  readonly bytes: Uint8Array;
  /** The bytes as text, after the rule of `readPayload`. */
  readonly text: string;
  /** First ECI designator, or null. */
  readonly eci: number | null;
  /** The segments in order, with the number of bytes each gave. */
  readonly segments: readonly { readonly mode: string; readonly length: number }[];
  /** AIM symbology identifier: `]h0`, `]h1` with ECI, `]h2` GS1, `]h4` URI, `]h8` Unicode (ISO/IEC 20830 Annex L). */
  readonly symbologyIdentifier: string;
}

/**
 * Reads a bit stream strictly; null when it breaks the grammar. Text follows the ECI where there is one; without ECI:
 * GB 18030 when a Chinese mode is used, else valid UTF-8, else valid GB 18030, else Latin-1 — what symbols in use mean.
 */
export function readPayload(data: Uint8Array): Payload | null {
  const segments = readSegments(createBitReader(data));
  if (segments === null) return null;
  const bytes = joinBytes(segments);
  const modes = new Set(segments.map((segment) => segment.mode));
  return {
    bytes,
    text: readText(segments),
    eci: segments.find((segment) => segment.mode === 'eci')?.designator ?? null,
    segments: segments.map(({ mode, bytes }) => ({ mode, length: bytes.length })),
    symbologyIdentifier: modes.has('gs1') ? ']h2' : modes.has('uri') ? ']h4' : modes.has('unicode') ? ']h8' : modes.has('eci') ? ']h1' : ']h0',
  };
}

function joinBytes(segments: readonly ReadSegment[]): Uint8Array {
  const bytes = new Uint8Array(segments.reduce((sum, segment) => sum + segment.bytes.length, 0));
  let at = 0;
  for (const segment of segments) {
    bytes.set(segment.bytes, at);
    at += segment.bytes.length;
  }
  return bytes;
}

/** Decodes run by run: a character may straddle segments, but not a change of character set. */
function readText(segments: readonly ReadSegment[]): string {
  let text = '';
  let run: ReadSegment[] = [];
  let designator: number | null = null;
  const flush = () => {
    text += readRun(run, designator);
    run = [];
  };
  for (const segment of segments) {
    if (segment.mode === 'eci') {
      flush();
      designator = segment.designator;
    } else if (segment.mode === 'unicode') {
      flush();
      text += decodeCharacters(segment.bytes, 'utf-8') ?? decodeLatin1(segment.bytes);
    } else {
      run.push(segment);
    }
  }
  flush();
  return text;
}

function readRun(run: readonly ReadSegment[], designator: number | null): string {
  const bytes = joinBytes(run);
  const label = designator === null ? undefined : eciLabels.get(designator);
  const named = label === undefined ? null : decodeCharacters(bytes, label);
  if (named !== null) return named;
  const chinese = run.some((segment) => segment.mode === 'region' || segment.mode === 'two-byte' || segment.mode === 'four-byte');
  const guesses = chinese ? ['gb18030', 'utf-8'] : ['utf-8', 'gb18030'];
  for (const guess of guesses) {
    const text = decodeCharacters(bytes, guess);
    if (text !== null) return text;
  }
  return decodeLatin1(bytes);
}

/** ECI designators (AIM ECI assignments) whose decoders the Encoding Standard has; 29 meant GB 18030 before 32 did. */
const eciLabels: ReadonlyMap<number, string> = new Map([
  [1, 'iso-8859-1'], [3, 'iso-8859-1'], [4, 'iso-8859-2'], [5, 'iso-8859-3'], [6, 'iso-8859-4'], [7, 'iso-8859-5'],
  [8, 'iso-8859-6'], [9, 'iso-8859-7'], [10, 'iso-8859-8'], [12, 'iso-8859-10'], [15, 'iso-8859-13'], [16, 'iso-8859-14'],
  [17, 'iso-8859-15'], [18, 'iso-8859-16'], [20, 'shift_jis'], [21, 'windows-1250'], [22, 'windows-1251'], [23, 'windows-1252'],
  [24, 'windows-1256'], [25, 'utf-16be'], [26, 'utf-8'], [27, 'utf-8'], [28, 'big5'], [29, 'gb18030'], [30, 'euc-kr'],
  [31, 'gbk'], [32, 'gb18030'], [33, 'utf-16le'], [170, 'utf-8'], [899, 'iso-8859-1'],
]);
