import { codeKeyOf } from './code-key.ts';

/** What one verdict granted, and what was fetched under it: in memory only, until the case closes (wire notes W25). */
export interface Granted<Outcome, Document> {
  readonly caseId: string;
  readonly outcome: Outcome;
  readonly codeBytes: Uint8Array;
  readonly auditSeq: number;
  readonly isRevealed: boolean;
  /** When the platform first said that the holder took the grant back; epoch ms, null: it did not. */
  readonly withdrawnAt: number | null;
  readonly documents: ReadonlyMap<string, Document>;
}

/** The verdicts of the case at the window. */
export interface GrantedMemory<Outcome, Document> {
  find(scanId: string): Granted<Outcome, Document> | null;
  findDocument(documentId: string): { readonly granted: Granted<Outcome, Document>; readonly document: Document } | null;
  /** The verdict of this code, however it was written, if one is here. */
  findCode(bytes: Uint8Array): Granted<Outcome, Document> | null;
  keep(scanId: string, granted: Granted<Outcome, Document>): void;
  /** Forgets everything: nothing of the person before is left. */
  drop(): void;
}

const mostVerdicts = 40;

/** Creates the memory; the oldest verdicts of a very long case give way to new ones. */
export function createGrantedMemory<Outcome, Document>(): GrantedMemory<Outcome, Document> {
  const verdicts = new Map<string, Granted<Outcome, Document>>();
  const keys = new WeakMap<Uint8Array, string>();
  const keyOf = (bytes: Uint8Array): string => {
    const key = keys.get(bytes) ?? codeKeyOf(bytes);
    keys.set(bytes, key);
    return key;
  };
  return {
    find: (scanId) => verdicts.get(scanId) ?? null,
    findDocument: (documentId) => {
      for (const granted of verdicts.values()) {
        const document = granted.documents.get(documentId);
        if (document !== undefined) return { granted, document };
      }
      return null;
    },
    findCode: (bytes) => {
      const key = keyOf(bytes);
      return [...verdicts.values()].find(({ codeBytes }) => keyOf(codeBytes) === key) ?? null;
    },
    keep: (scanId, granted) => {
      verdicts.set(scanId, granted);
      const [oldest] = verdicts.keys();
      if (verdicts.size > mostVerdicts && oldest !== undefined) verdicts.delete(oldest);
    },
    drop: () => verdicts.clear(),
  };
}
