import * as v from 'valibot';
import { decodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { type PinnedSm2Key, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import { findContradiction, ListsSchema } from './published-lists.ts';

const mostCharacters = 1024 * 1024;

/** A version as its publisher signed it: the text, and r ‖ s in hex over it by the publisher's envelope key. */
export const SignedListsSchema = v.object({ list: v.pipe(v.string(), v.maxLength(mostCharacters)), signature: v.pipe(v.string(), v.maxLength(200)) });
export type SignedLists = v.InferOutput<typeof SignedListsSchema>;

const VersionSchema = v.object({
  platformId: v.string(),
  version: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_000_000_000)),
  /** Epoch milliseconds. */
  publishedAt: v.number(),
  lists: ListsSchema,
});
/** One version of a platform's lists. */
export type ListsVersion = v.InferOutput<typeof VersionSchema>;

/** A platform publishes at most once a minute, counted from the beginning of 2021, and not ahead of time. */
const firstAt = Date.UTC(2021, 0, 1);
const minuteMs = 60_000;
/** How far the clocks of two platforms may differ. */
const clockToleranceMs = 10 * minuteMs;

/**
 * Whether number or date of a version lie where they cannot be yet. Kept, it would shut out every later one: a number may
 * not exceed the minutes up to its own signed date, so that a later date always has a greater number to give.
 */
export function isAhead({ publishedAt, version }: Pick<ListsVersion, 'publishedAt' | 'version'>, now: number): boolean {
  return publishedAt > now + clockToleranceMs || version > 1 + (publishedAt - firstAt) / minuteMs;
}

/** Signs a version; `sign` gives r ‖ s (64 bytes). */
export function signLists(version: ListsVersion, sign: (message: Uint8Array) => Uint8Array): SignedLists {
  const list = JSON.stringify(version);
  return { list, signature: encodeHexUpper(sign(messageOf(list))) };
}

/**
 * Reads a version of the platform `platformId`. `remote/forged`: another key signed it, or it is another platform's;
 * `remote/malformed`: signed, but no lists, or lists that contradict themselves.
 */
export function readSignedLists({ list, signature }: SignedLists, { platformId, signer }: { readonly platformId: string; readonly signer: PinnedSm2Key }): Result<ListsVersion> {
  const value = decodeHex(signature.toLowerCase());
  if (value === null || !verifySm2({ key: signer, message: messageOf(list), signature: value, id: sm2DefaultId })) return fail('remote/forged', 'lists');
  const read = v.safeParse(VersionSchema, parseJson(list, { maxLength: mostCharacters }));
  if (!read.success || findContradiction(read.output.lists) !== null) return fail('remote/malformed', 'lists');
  return read.output.platformId === platformId ? ok(read.output) : fail('remote/forged', 'lists of another platform');
}

// The heading keeps a signature made for this from being one of a key list or of a reply's head.
function messageOf(list: string): Uint8Array {
  return encodeUtf8(`counter-published-lists\n${list}`);
}
