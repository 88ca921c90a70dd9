import { isJsonObject } from './json.ts';

/** One audit entry as it is chained and exported: the header and the digest of the encrypted body, never plain content. */
export interface AuditEntry {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** Generation: one more after each restore from a backup. */
  readonly gen: number;
  /** ISO 8601 UTC with milliseconds. */
  readonly t: string;
  /** Monotonic clock, milliseconds since the process started. */
  readonly mono: number;
  /** Uncertainty of `t`, milliseconds. */
  readonly u: number;
  readonly actor: string;
  readonly role: string;
  readonly device: string;
  readonly type: string;
  readonly result: string;
  /** What the entry is about: a case, scan or certificate id. */
  readonly ref: string;
  /** SM3 of the encrypted body, 64 lower-case hex digits. */
  readonly bodyHash: string;
  /** Where whoever did it signed for it (`domain/audit-signature.ts`): SM3 of the content in clear, which has a random part, 64 hex digits. */
  readonly content?: string | undefined;
  /** Their SM2 signature, DER in BASE64. */
  readonly signature?: string | undefined;
}

/** Prints an entry as the one JSON line that is hashed, stored and exported; never print it again to verify it. */
export function printAuditLine(entry: AuditEntry): string {
  const { seq, gen, t, mono, u, actor, role, device, type, result, ref, bodyHash, content, signature } = entry;
  return JSON.stringify({ seq, gen, t, mono, u, actor, role, device, type, result, ref, bodyHash, content, signature });
}

/** Reads an audit line; null unless it is exactly what `printAuditLine` prints for an entry of the right types. */
export function parseAuditLine(line: string): AuditEntry | null {
  const value = line.length > maxLineLength ? null : parse(line);
  if (!isJsonObject(value)) return null;
  for (const name of numberNames) {
    if (!Number.isSafeInteger(value[name]) || Number(value[name]) < 0) return null;
  }
  for (const name of textNames) {
    if (typeof value[name] !== 'string') return null;
  }
  const entry = value as unknown as AuditEntry;
  const isWellFormed = entry.seq > 0 && timeForm.test(entry.t) && hashForm.test(entry.bodyHash) && hasSignatureForm(value);
  return isWellFormed && printAuditLine(entry) === line ? entry : null;
}

function hasSignatureForm({ content, signature }: { readonly content?: unknown; readonly signature?: unknown }): boolean {
  if (content === undefined && signature === undefined) return true;
  return typeof content === 'string' && hashForm.test(content) && typeof signature === 'string' && signatureForm.test(signature);
}

// Depth and foreign keys need no look of their own: what is printed again must be the very line.
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const numberNames = ['seq', 'gen', 'mono', 'u'] as const;
const textNames = ['t', 'actor', 'role', 'device', 'type', 'result', 'ref', 'bodyHash'] as const;
const maxLineLength = 16_384;
const timeForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
const hashForm = /^[0-9a-f]{64}$/;
const signatureForm = /^[A-Za-z0-9+/]{88,100}={0,2}$/;
