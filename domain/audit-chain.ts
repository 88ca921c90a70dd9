import { parseAuditLine } from './audit-entry.ts';
import { encodeHex } from './crypto/hex.ts';
import { sm3 } from './crypto/sm3.ts';
import { borrowUtf8 } from './crypto/utf8.ts';

/** The hash before the first entry: 64 zeros. */
export const genesisHash = '0'.repeat(64);

/** The hash of an entry: SM3("fd-audit-v1\n" ‖ hex(prev) ‖ "\n" ‖ line ‖ "\n"), lower-case hex. */
export function chainHash(prevHashHex: string, line: string): string {
  return encodeHex(sm3(borrowUtf8(`fd-audit-v1\n${prevHashHex}\n${line}\n`)));
}

/** One stored entry: its line and the hash stored with it; `saidSeq` is the number in the line, where the caller has read it already. */
export interface ChainedLine {
  readonly line: string;
  readonly hash: string;
  readonly saidSeq?: number | undefined;
}

/** A place known from outside the log (a checkpoint, a printed slip): the hash that the entry `seq` must have. */
export interface ChainAnchor {
  readonly seq: number;
  readonly hash: string;
}

/**
 * What is wrong: a line or its hash was changed, entries are missing, one is there twice, two stand in the wrong order,
 * the end is missing, or everything up to an anchor was written anew with right hashes.
 */
export type ChainFaultKind = 'changed' | 'gap' | 'duplicate' | 'reordered' | 'truncated' | 'rewritten';

/** The state of a verification: how many entries were good, or the first bad one. */
export type ChainFinding =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  | { readonly ok: false; readonly badSeq: number; readonly kind: ChainFaultKind };

/** A streaming verification of one log in constant memory. */
export interface ChainVerifier {
  /** Takes the next stored entry. A `gap` or `duplicate` may be told more exactly once the following entry is seen. */
  readonly push: (entry: ChainedLine) => ChainFinding;
  /** Ends the verification. */
  readonly finish: () => ChainFinding;
}

/** Where a verification starts (after a checkpoint) and what it must meet; from the first entry unless told. */
export interface ChainStart {
  readonly after?: ChainAnchor;
  readonly anchors?: readonly ChainAnchor[];
}

/** Starts a verification that names the first bad entry and the kind of fault. */
export function createChainVerifier(start: ChainStart = {}): ChainVerifier {
  const first = start.after?.seq ?? 0;
  const anchors = new Map(start.anchors?.map((anchor) => [anchor.seq, anchor.hash]));
  const lastAnchor = Math.max(first, ...anchors.keys());
  let seq = first;
  let head = start.after?.hash ?? genesisHash;
  let suspicion: Suspicion | null = null;

  const finding = (): ChainFinding =>
    suspicion === null
      ? { ok: true, entries: seq - first, head }
      : { ok: false, badSeq: suspicion.badSeq, kind: suspicion.kind };

  return {
    push: (entry) => {
      if (suspicion !== null) {
        suspicion = refineSuspicion(suspicion, entry);
        return finding();
      }
      suspicion = suspect(entry, seq + 1, head, anchors.get(seq + 1));
      if (suspicion === null) {
        seq++;
        head = entry.hash;
      }
      return finding();
    },
    finish: () => {
      if (suspicion === null && seq < lastAnchor) return { ok: false, badSeq: seq + 1, kind: 'truncated' };
      if (suspicion !== null && suspicion.open && anchors.get(suspicion.expected) === suspicion.entry.hash) {
        return { ok: false, badSeq: suspicion.expected, kind: 'changed' };
      }
      return finding();
    },
  };
}

/** The first bad entry, and whether the next one can still tell more about it. */
interface Suspicion {
  readonly badSeq: number;
  readonly kind: ChainFaultKind;
  readonly expected: number;
  readonly entry: ChainedLine;
  readonly open: boolean;
}

function suspect(entry: ChainedLine, expected: number, head: string, anchor: string | undefined): Suspicion | null {
  const seq = seqOf(entry);
  const fault = (badSeq: number, kind: ChainFaultKind, open = false): Suspicion => ({ badSeq, kind, expected, entry, open });
  if (seq !== undefined && seq > expected) return fault(expected, 'gap', true);
  if (seq !== undefined && seq < expected) return fault(seq, 'duplicate', true);
  if (seq === undefined || chainHash(head, entry.line) !== entry.hash) return fault(expected, 'changed');
  return anchor !== undefined && anchor !== entry.hash ? fault(expected, 'rewritten') : null;
}

function refineSuspicion(suspicion: Suspicion, next: ChainedLine): Suspicion {
  const seq = seqOf(next);
  if (suspicion.open && seq === suspicion.expected + 1 && chainHash(suspicion.entry.hash, next.line) === next.hash) {
    // The next entry hangs on the hash of the suspect: that one stands at its place, only its number was changed.
    return { ...suspicion, badSeq: suspicion.expected, kind: 'changed', open: false };
  }
  const returns = suspicion.kind === 'gap' && seq === suspicion.expected;
  return returns ? { ...suspicion, kind: 'reordered', open: false } : { ...suspicion, open: false };
}

function seqOf(entry: ChainedLine): number | undefined {
  return entry.saidSeq ?? parseAuditLine(entry.line)?.seq;
}
