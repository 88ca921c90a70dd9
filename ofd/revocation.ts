import { encodeHex } from '../domain/crypto/hex.ts';
import { equalBytes } from '../domain/crypto/bytes.ts';
import { asn1Tag, derBits, derBytes, derContent, derObjectId, derTime, openDer, parseDer, type DerNode } from './der-tree.ts';
import { checkSignatureValue, type VerifyForeign } from './signature-value.ts';
import type { X509Certificate } from './x509-certificate.ts';

/** A list of revoked certificates (RFC 5280 5.1, GB/T 20518), as it was read; `isSignedBy` decides whether it is worth anything. */
export interface RevocationList {
  readonly issuer: Uint8Array;
  /** Epoch ms. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  /** Hex of the serial number → epoch ms of revocation. */
  readonly revoked: ReadonlyMap<string, number>;
  readonly toBeSigned: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

const largest = 16 * 1024 * 1024;
const isTime = (node: DerNode | undefined): boolean => node?.tag === 0x17 || node?.tag === 0x18;

/** Reads a list, DER; null when it is none, or one of a part or of changes only, which says nothing about the others. */
export function parseRevocationList(der: Uint8Array): RevocationList | null {
  if (der.length > largest) return null;
  const [body, outerAlgorithm, value] = openDer(parseDer(der) ?? undefined) ?? [];
  const fields = openDer(body);
  const signature = derBits(value);
  if (body === undefined || fields === null || signature === null) return null;
  const [innerAlgorithm, issuer, thisUpdate, ...rest] = fields[0]?.tag === asn1Tag.integer ? fields.slice(1) : fields;
  const algorithm = derObjectId(openDer(outerAlgorithm)?.[0]);
  const at = isTime(thisUpdate) ? derTime(thisUpdate) : null;
  if (issuer === undefined || innerAlgorithm === undefined || outerAlgorithm === undefined || algorithm === null || at === null) return null;
  if (!equalBytes(derBytes(innerAlgorithm), derBytes(outerAlgorithm))) return null;
  const next = isTime(rest[0]) ? rest[0] : undefined;
  const entries = openDer(rest.find(({ tag }) => tag === asn1Tag.sequence)) ?? [];
  if (hasCritical(rest.find(({ tag }) => tag === 0xa0))) return null;
  const revoked = new Map<string, number>();
  for (const entry of entries) {
    const [serial, date] = openDer(entry) ?? [];
    const time = derTime(date);
    if (serial?.tag !== asn1Tag.integer || time === null) return null;
    revoked.set(encodeHex(derContent(serial)), time);
  }
  return { issuer: derBytes(issuer), thisUpdate: at, nextUpdate: next === undefined ? null : derTime(next), revoked, toBeSigned: derBytes(body), algorithm, signature };
}

/** Extensions that narrow a list (its distribution point, a delta) are critical. */
function hasCritical(wrapper: DerNode | undefined): boolean {
  if (wrapper === undefined) return false;
  const list = openDer(openDer(wrapper, 0xa0)?.[0]);
  return list === null || list.some((extension) => (openDer(extension) ?? []).some((part) => part.tag === asn1Tag.boolean && derContent(part)[0] !== 0));
}

/** What the lists say of a chain: `unknown` unless every certificate below the anchor is spoken for. */
export type RevocationAnswer = { readonly state: 'unknown' } | { readonly state: 'good'; readonly asOf: number } | { readonly state: 'revoked'; readonly at: number };

/** What is asked about a chain: from the signer up, the last one the anchor. */
export interface RevocationQuestion {
  readonly path: readonly X509Certificate[];
  readonly lists: readonly RevocationList[];
  /** Epoch ms of signing: a list that was out of date before that says nothing. */
  readonly at: number;
  readonly verifyForeign: VerifyForeign;
}

/** Looks a chain up in lists that its own issuers signed; the latest list of an issuer counts. Nothing is fetched. */
export function findRevocation({ path, lists, at, verifyForeign }: RevocationQuestion): RevocationAnswer {
  let asOf: number | null = null;
  let isKnown = path.length > 1;
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[index + 1];
    const own = lists.filter((list) => issuer !== undefined && equalBytes(list.issuer, issuer.subject) && isSignedBy(list, issuer, verifyForeign));
    const revokedAt = own.map(({ revoked }) => revoked.get(encodeHex(certificate.serial))).find((time) => time !== undefined);
    if (revokedAt !== undefined) return { state: 'revoked', at: revokedAt };
    const latest = Math.max(...own.filter(({ thisUpdate, nextUpdate }) => thisUpdate >= at || (nextUpdate !== null && nextUpdate >= at)).map(({ thisUpdate }) => thisUpdate));
    if (Number.isFinite(latest)) asOf = Math.min(asOf ?? latest, latest);
    else isKnown = false;
  }
  return isKnown && asOf !== null ? { state: 'good', asOf } : { state: 'unknown' };
}

function isSignedBy({ toBeSigned: message, algorithm, signature }: RevocationList, issuer: X509Certificate, verifyForeign: VerifyForeign): boolean {
  const maySign = issuer.keyUsage === null || issuer.keyUsage.has('cRLSign');
  return maySign && checkSignatureValue({ key: issuer.publicKey, algorithm, digest: null, message, signature }, verifyForeign) === true;
}
