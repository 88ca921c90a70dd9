import { encodeHexUpper, encodeHex } from './crypto/hex.ts';
import { sm3 } from './crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from './crypto/utf8.ts';
import { readBase32Form, readBytesForm, readHexForm } from './service-code-octets.ts';
import type { CodeFault, CodeIdentity, CodeText, FormReading, ServiceCode, ServiceCodeParse } from './service-code-reading.ts';
import { codeType, readTextForm, textLayout } from './service-code-text.ts';
import { printUtcTime } from './time.ts';

export type { AcceptedForm, CodeIdentity, ServiceCode, ServiceCodeParse } from './service-code-reading.ts';

/** The longest content that is looked at, in characters or bytes (threat T7; a QR symbol holds at most 2,953 bytes). */
export const maxContentLength = 4096;

/** What a scanner or camera gave: its text, the symbol's bytes where known, and hosts whose `?code=` links may carry a code. */
export interface ScannedContent {
  readonly text: string;
  readonly bytes?: Uint8Array | undefined;
  readonly wrapperHosts?: readonly string[] | undefined;
}

/**
 * Reads an enterprise service code in any accepted form (wire notes B: text T, octets X as hex, Base32 or bytes, lower
 * case, `?code=` link). Exactly one form must fit. Never throws, never opens a link.
 */
export function parseServiceCode(input: ScannedContent): ServiceCodeParse {
  if (isOversized(input)) return { ok: false, supportCode: 'E-FMT-01', isServiceCode: false };
  const readings = readAllForms(input).filter((reading) => reading !== null);
  const codes = readings.filter((reading) => typeof reading !== 'string');
  const distinct = new Set(codes.map((code) => code.canonicalText));
  const [code] = codes;
  if (code !== undefined && distinct.size === 1) return { ok: true, code };
  if (distinct.size > 1) return { ok: false, supportCode: 'E-FMT-02', isServiceCode: true };
  const damage = readings.find((reading): reading is CodeFault => typeof reading === 'string');
  return damage === undefined
    ? { ok: false, supportCode: 'E-KIND-02', isServiceCode: false }
    : { ok: false, supportCode: damage, isServiceCode: true };
}

/** Whether content is longer than anything that is looked at. */
export function isOversized(input: ScannedContent): boolean {
  return input.text.length > maxContentLength || (input.bytes?.length ?? 0) > maxContentLength;
}

/** What a code is printed from; `sign` gives r ‖ s (64 bytes) over the octets A ‖ B. */
export interface ServiceCodeContent {
  readonly identity: CodeIdentity;
  readonly platformId: string;
  /** Epoch milliseconds; fractions of a second are cut off. */
  readonly expiresAt: number;
  readonly consentDigest: Uint8Array;
  readonly sign: (signedBytes: Uint8Array) => Uint8Array;
}

/** Prints the strict text form: 237 upper-case characters, 283 with a hashed identity. */
export function printServiceCode(content: ServiceCodeContent): string {
  const identity = content.identity.kind === 'uscc' ? content.identity.uscc : content.identity.hash;
  const rest = `1${codeType}${content.platformId}${printUtcTime(content.expiresAt)}${encodeHexUpper(content.consentDigest)}`;
  const signedText = `${identity}${rest.length + textLayout.length}${rest}`;
  return signedText + encodeHexUpper(content.sign(encodeUtf8(signedText)));
}

/** The key of the replay cache: SM3 of the canonical text, lower-case hex, the same however the code was carried. */
export function serviceCodeDigest(code: Pick<ServiceCode, 'canonicalText'>): string {
  return encodeHex(sm3(encodeUtf8(code.canonicalText)));
}

function readAllForms(input: ScannedContent): FormReading[] {
  const text = input.text === '' && input.bytes !== undefined ? (decodeUtf8(input.bytes) ?? '') : input.text;
  const source = unwrap(text, input.wrapperHosts ?? []);
  return [
    readTextForm(source),
    readHexForm(source),
    readBase32Form(source),
    ...(input.bytes === undefined ? [] : [readBytesForm(input.bytes)]),
  ];
}

function unwrap(raw: string, wrapperHosts: readonly string[]): CodeText {
  const bare = cutEnds(raw);
  const wrapped = readWrapper(bare, wrapperHosts);
  const inner = wrapped?.inner ?? bare;
  const text = /^[0-9A-Za-z]+=*$/.test(inner) ? inner.toUpperCase() : inner;
  return {
    text,
    upperCased: text !== inner,
    trimmed: bare.length !== raw.length,
    ...(wrapped === null ? {} : { wrapperHost: wrapped.host }),
  };
}

/** Without the line ends and tabs that scanners add; by hand, because a pattern would look from every one of many. */
function cutEnds(raw: string): string {
  let end = raw.length;
  while (end > 0 && '\r\n\t'.includes(raw.charAt(end - 1))) end--;
  return raw.slice(0, end);
}

/** Takes the one `code=` out of a link by its spelling alone; user info, other hosts and a second `code=` are refused. */
function readWrapper(text: string, wrapperHosts: readonly string[]): { inner: string; host: string } | null {
  const match = /^https?:\/\/([0-9a-z.-]+(?::[0-9]{1,5})?)\/[0-9A-Za-z._~/-]*\?([0-9A-Za-z._~=&%-]*)(?:#[0-9A-Za-z._~=&%/-]*)?$/i.exec(text);
  const host = match?.[1]?.toLowerCase();
  if (host === undefined || !wrapperHosts.includes(host)) return null;
  const values = (match?.[2] ?? '').split('&').filter((pair) => pair.startsWith('code='));
  const [pair] = values;
  return pair === undefined || values.length > 1 ? null : { inner: pair.slice('code='.length).replace(/%3D/gi, '='), host };
}
