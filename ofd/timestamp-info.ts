import { derContent, derInteger, derObjectId, derOctets, derTime, openDer, parseDer } from './der-tree.ts';
import type { SignedData } from './signed-data.ts';

/** What a time stamp token states (RFC 3161 2.4.2, GM/T 0033): which digest was seen, and when. Nothing is verified. */
export interface TimestampInfo {
  /** Identifier of the digest. */
  readonly digest: string;
  readonly imprint: Uint8Array;
  /** Epoch ms. */
  readonly at: number;
}

const contentTypeId = '1.2.840.113549.1.9.16.1.4';

/** Reads what a token encloses; null when it is no time stamp. */
export function readTimestampInfo({ content, contentType }: SignedData): TimestampInfo | null {
  const fields = content === null || contentType !== contentTypeId ? null : openDer(parseDer(content) ?? undefined);
  const [version, , imprintNode, serial, time] = fields ?? [];
  const [algorithm, hashed] = openDer(imprintNode) ?? [];
  const [digest, imprint, at] = [derObjectId(openDer(algorithm)?.[0]), derOctets(hashed), derTime(time)];
  if (derInteger(version) !== 1 || serial === undefined || derContent(serial).length === 0 || digest === null || imprint === null || at === null) return null;
  return { digest, imprint, at };
}
