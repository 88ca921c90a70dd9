import type { AuditEntryView } from '../../domain/contracts/audit.ts';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';

/** A stored line as the window lists it; a line that cannot be read is listed as such, never left out. */
export function describeLine(stored: { readonly seq: number; readonly line: string; readonly prevHash: string; readonly hash: string }): AuditEntryView {
  const { seq, hash, prevHash } = stored;
  const entry = parseAuditLine(stored.line);
  if (entry === null) return { seq, entryAt: 0, type: 'unreadable', result: '', actor: '', ref: '', hash, prevHash };
  const { t, type, result, actor, ref } = entry;
  return { seq, entryAt: Date.parse(t), type, result, actor, ref, hash, prevHash };
}

/** What a line of content may be, and how many there are at most. */
export interface ContentFact {
  readonly name: string;
  readonly value: string;
}

const mostFacts = 200;
const mostCharacters = 2000;

/**
 * An opened body as a list of names and values: JSON by the path of each value, whatever else by its size alone. A scanned code,
 * which may still be good, comes as its SM3 in hex, and where a device hangs on this machine not at all: neither is for a window.
 */
export function describeBody(body: Uint8Array): readonly ContentFact[] {
  const value = parse(decodeUtf8(body));
  if (value === undefined) return [{ name: 'bytes', value: String(body.length) }];
  const facts: ContentFact[] = [];
  collect(value, '', facts);
  return facts;
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function collect(value: unknown, name: string, facts: ContentFact[]): void {
  if (facts.length >= mostFacts) return;
  if (typeof value !== 'object' || value === null) return void facts.push({ name, value: String(value).slice(0, mostCharacters) });
  for (const [key, member] of Object.entries(value)) {
    const place = name === '' ? key : `${name}.${key}`;
    if (place === 'salt') continue;
    if (place === 'code' && typeof member === 'string') facts.push({ name: 'code.sm3', value: encodeHex(sm3(decodeBase64(member) ?? encodeUtf8(member))) });
    else if (!isPlaceOnMachine(key, member)) collect(member, place, facts);
  }
}

// A HID scanner's number may be its path too (`hid:VVVV:PPPP:/dev/…`).
function isPlaceOnMachine(key: string, member: unknown): boolean {
  return key === 'path' || (typeof member === 'string' && /(^|:)(\/dev\/|[A-Za-z]:\\|\\\\)/.test(member));
}
