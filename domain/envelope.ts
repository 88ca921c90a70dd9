import { decodeBase64, encodeBase64 } from './crypto/base64.ts';
import { decodeHex, encodeHex, encodeHexUpper } from './crypto/hex.ts';
import type { RandomBytes } from './crypto/random.ts';
import { decryptSm2, encryptSm2, type PinnedSm2Key, type Sm2PrivateKey, type Sm2PublicKey, verifySm2 } from './crypto/sm2.ts';
import { sm3 } from './crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from './crypto/utf8.ts';
import { fail, ok, type Result } from './failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, readField } from './json.ts';

/** How encrypted business data is spelled (wire notes W1); peers that need another spelling have it in their profile. */
export interface EnvelopeSettings {
  readonly order: 'C1C3C2' | 'C1C2C3';
  readonly prefix04: boolean;
  readonly innerBase64: boolean;
  readonly case: 'upper' | 'lower';
}

/** The strict form: upper-case hex of 04 ‖ C1 ‖ C3 ‖ C2 of SM2(BASE64(JSON)). */
export const strictEnvelope: EnvelopeSettings = { order: 'C1C3C2', prefix04: true, innerBase64: true, case: 'upper' };

/** The optional head fields that bind a message to sender and time (own extension, wire notes W5). */
export interface HeadSignature {
  /** Epoch milliseconds, decimal. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly signType: 'SM2';
  /** Upper-case hex of r ‖ s over `accountId|timestamp|nonce|SM3(encryptData)`, in a request of version 2 followed by `|2|interface`. */
  readonly sign: string;
}

/** What binds a signed request to the one interface that it was made for: the second version of the extension (ADR 13). */
export interface InterfaceBinding {
  readonly signVersion: '2';
  /** The path of the interface as the platform names it, whatever a gateway puts before it. */
  readonly interface: string;
}

/** A request of YD 12.1.2. */
export interface RequestEnvelope {
  readonly head: { readonly accountId: string; readonly appToken?: string } & Partial<HeadSignature & InterfaceBinding>;
  readonly encryptData: string;
}

/** What binds a reply to its request: the head signature, made over the status and the request's nonce as well. */
export interface ReplySignature extends HeadSignature {
  readonly requestNonce: string;
}

/** A reply of YD 12.1.2; `status` "0" and nothing else is success. */
export interface ReplyEnvelope {
  readonly head: { readonly message: string; readonly status: string } & Partial<ReplySignature>;
  readonly encryptData: string;
}

/** What signs the head: the time, and r ‖ s (64 bytes) over the octets to be signed. */
export interface HeadSigner {
  readonly now: number;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** What one message is sealed with; `settings` is the strict form unless a peer's profile says otherwise. */
export interface SealInput {
  /** Anything that JSON can say; absent members may be undefined. */
  readonly payload: object | JsonValue;
  readonly theirPublicKey: Sm2PublicKey;
  readonly random: RandomBytes;
  readonly settings?: EnvelopeSettings;
  readonly sign?: HeadSigner;
}

/** Seals a request; a signed one with an `interfacePath` is good at that interface only. */
export function sealEnvelope(input: SealInput & { accountId: string; appToken?: string; interfacePath?: string }): RequestEnvelope {
  const { accountId, interfacePath } = input;
  const encryptData = encryptPayload(input);
  const head = {
    accountId,
    ...(input.appToken === undefined ? {} : { appToken: input.appToken }),
    ...signHead(input, (timestamp, nonce) => requestMessage({ accountId, timestamp, nonce, dataDigest: digestData(encryptData), interfacePath })),
    ...(input.sign === undefined || interfacePath === undefined ? {} : ({ signVersion: '2', interface: interfacePath } as const)),
  };
  return { head, encryptData };
}

/** Seals a reply to the caller `accountId`; without a payload `encryptData` is empty. A signed one names the request's nonce. */
export function sealReply(
  input: Omit<SealInput, 'payload'> & { accountId: string; status: string; message: string; payload?: object | JsonValue; requestNonce?: string },
): ReplyEnvelope {
  const { accountId, message, payload, requestNonce = '', status } = input;
  const encryptData = payload === undefined ? '' : encryptPayload({ ...input, payload });
  const signed = signHead(input, (timestamp, nonce) =>
    replyMessage({ accountId, timestamp, nonce, requestNonce, status, message, dataDigest: digestData(encryptData) }),
  );
  return { head: { message, status, ...signed, ...(input.sign === undefined ? {} : { requestNonce }) }, encryptData };
}

/** How a received message was spelled, to be recorded. */
export interface AcceptedEnvelope {
  readonly order: 'C1C3C2' | 'C1C2C3' | 'asn1';
  readonly prefix04: boolean;
  readonly innerBase64: boolean;
  readonly case: 'upper' | 'lower' | 'mixed';
  readonly hadBlanks: boolean;
}

/** An opened message; `payload` and `accepted` are absent when it carries no business data. */
export interface OpenedEnvelope {
  readonly head: JsonObject;
  readonly payload?: JsonValue;
  readonly accepted?: AcceptedEnvelope;
}

/**
 * Opens a request or a reply in any form of wire notes W1 and W2. Fails with remote/malformed (no envelope),
 * remote/too-large, or remote/undecryptable (not for our key, or no JSON inside). `maxLength` counts characters of
 * `encryptData`.
 */
export function openEnvelope(input: {
  envelope: unknown;
  privateKey: Sm2PrivateKey;
  maxLength?: number;
}): Result<OpenedEnvelope> {
  const { envelope, privateKey, maxLength = defaultMaxLength } = input;
  if (!isJsonObject(envelope)) return fail('remote/malformed', 'envelope');
  const head = readField(envelope, 'head');
  const encryptData = readField(envelope, 'encryptData') ?? '';
  if (!isJsonObject(head) || typeof encryptData !== 'string') return fail('remote/malformed', 'head');
  if (encryptData.length > maxLength) return fail('remote/too-large');
  const hex = encryptData.replace(/\s+/g, '');
  if (hex === '') return ok({ head });
  const ciphertext = decodeHex(hex);
  if (ciphertext === null) return fail('remote/malformed', 'encryptData');
  const decrypted = decryptAnyLayout(ciphertext, privateKey);
  if (decrypted === null) return fail('remote/undecryptable', 'cipher');
  const inner = readInner(decrypted.plaintext, maxLength);
  if (inner === null) return fail('remote/undecryptable', 'content');
  const { plaintext: _, ...layout } = decrypted;
  const hadBlanks = hex.length !== encryptData.length;
  const accepted = { ...layout, innerBase64: inner.innerBase64, case: caseOf(hex), hadBlanks };
  return ok({ head, payload: inner.payload, accepted });
}

/**
 * What a head signature proves: `absent` when none is there, `misdirected` when it is good but for another interface,
 * `stale` when it is good but older or newer than allowed, `unbound` when it is good and names no interface (version 1).
 */
export type HeadSignatureState = 'valid' | 'unbound' | 'absent' | 'invalid' | 'misdirected' | 'stale';

interface SignatureCheck<Head> {
  /** With the business data, or with no more than their digest as `digestData` prints it. */
  readonly envelope: { readonly head: JsonObject | Head } & ({ readonly encryptData: string } | { readonly dataDigest: string });
  readonly accountId: string;
  readonly publicKey: PinnedSm2Key | Sm2PublicKey;
  readonly signerId: Uint8Array;
}

/** Checks the head signature of a request from `accountId` that came to `interfacePath`. Nonces are remembered by the caller. */
export function verifyEnvelopeSignature(
  input: SignatureCheck<RequestEnvelope['head']> & { readonly interfacePath: string; readonly now: number; readonly maxAgeMs?: number },
): HeadSignatureState {
  const { accountId, envelope, now, maxAgeMs = defaultMaxAgeMs } = input;
  const json = envelope.head as JsonObject;
  const head = readHeadSignature(json);
  if (typeof head === 'string') return head;
  const named = readInterface(json);
  if (named === 'invalid') return named;
  const { signature, ...facts } = head;
  const message = requestMessage({ accountId, ...facts, dataDigest: digestOf(envelope), interfacePath: named?.path });
  if (!verifySm2({ key: input.publicKey, message, signature, id: input.signerId })) return 'invalid';
  if (named !== undefined && named.path !== input.interfacePath) return 'misdirected';
  if (Math.abs(now - Number(head.timestamp)) > maxAgeMs) return 'stale';
  return named === undefined ? 'unbound' : 'valid';
}

/** Undefined in a head of version 1; both fields or neither, and no version that we do not know. */
function readInterface(head: JsonObject): { readonly path: string } | 'invalid' | undefined {
  const [version, path] = [readField(head, 'signVersion'), readField(head, 'interface')];
  if (version === undefined && path === undefined) return undefined;
  return version === '2' && typeof path === 'string' && path.length <= 200 ? { path } : 'invalid';
}

/**
 * Checks the head signature of a reply to the request of `accountId` with this nonce: status, message and data are the
 * signer's, and of no other request. Its age is not judged, because the request's nonce is fresh.
 */
export function verifyReplySignature(
  input: SignatureCheck<ReplyEnvelope['head']> & { readonly requestNonce: string },
): { readonly state: 'valid'; readonly signedAt: number } | { readonly state: 'absent' | 'invalid' } {
  const { accountId, envelope, requestNonce } = input;
  const json = envelope.head as JsonObject;
  const head = readHeadSignature(json);
  if (typeof head === 'string') return { state: head };
  const { nonce, timestamp } = head;
  const [status, message] = [readField(json, 'status'), readField(json, 'message')];
  if (typeof status !== 'string' || typeof message !== 'string' || readField(json, 'requestNonce') !== requestNonce) return { state: 'invalid' };
  const signed = replyMessage({ accountId, timestamp, nonce, requestNonce, status, message, dataDigest: digestOf(envelope) });
  const isGood = verifySm2({ key: input.publicKey, message: signed, signature: head.signature, id: input.signerId });
  return isGood ? { state: 'valid', signedAt: Number(timestamp) } : { state: 'invalid' };
}

function readHeadSignature(head: JsonObject): { timestamp: string; nonce: string; signature: Uint8Array } | 'absent' | 'invalid' {
  const sign = readField(head, 'sign');
  if (sign === undefined) return 'absent';
  const timestamp = readField(head, 'timestamp');
  const nonce = readField(head, 'nonce');
  if (typeof sign !== 'string' || typeof timestamp !== 'string' || typeof nonce !== 'string') return 'invalid';
  const signature = decodeHex(sign);
  const isForm = /^[0-9]{1,15}$/.test(timestamp) && nonce.length >= 8 && nonce.length <= 64 && !nonce.includes('|');
  return signature !== null && isForm ? { timestamp, nonce, signature } : 'invalid';
}

const defaultMaxLength = 64 * 1024 * 1024;
const defaultMaxAgeMs = 5 * 60_000;

function encryptPayload(input: SealInput): string {
  const settings = input.settings ?? strictEnvelope;
  const json = encodeUtf8(JSON.stringify(input.payload));
  const ciphertext = encryptSm2({
    publicKey: input.theirPublicKey,
    plaintext: settings.innerBase64 ? encodeUtf8(encodeBase64(json)) : json,
    layout: settings.order,
    random: input.random,
  });
  const sent = settings.prefix04 ? ciphertext : ciphertext.subarray(1);
  return settings.case === 'upper' ? encodeHexUpper(sent) : encodeHex(sent);
}

function signHead(
  input: Pick<SealInput, 'sign' | 'random'>,
  printMessage: (timestamp: string, nonce: string) => Uint8Array,
): Partial<HeadSignature> {
  if (input.sign === undefined) return {};
  const timestamp = String(Math.floor(input.sign.now));
  const nonce = encodeHex(input.random(16));
  return { timestamp, nonce, signType: 'SM2', sign: encodeHexUpper(input.sign.sign(printMessage(timestamp, nonce))) };
}

function requestMessage(facts: { accountId: string; timestamp: string; nonce: string; dataDigest: string; interfacePath: string | undefined }): Uint8Array {
  const { accountId, dataDigest, interfacePath, nonce, timestamp } = facts;
  const binding = interfacePath === undefined ? '' : `|2|${interfacePath}`;
  return encodeUtf8(`${accountId}|${timestamp}|${nonce}|${dataDigest}${binding}`);
}

/** The message comes last: it alone may hold the separator. */
function replyMessage(facts: {
  accountId: string; timestamp: string; nonce: string; requestNonce: string; status: string; message: string; dataDigest: string;
}): Uint8Array {
  const { accountId, dataDigest, message, nonce, requestNonce, status, timestamp } = facts;
  return encodeUtf8([accountId, timestamp, nonce, requestNonce, dataDigest, status, message].join('|'));
}

function digestOf(envelope: { readonly encryptData: string } | { readonly dataDigest: string }): string {
  return 'dataDigest' in envelope ? envelope.dataDigest : digestData(envelope.encryptData);
}

/** SM3 of the business data as it travels, upper-case hex: what signatures of heads are made over. */
export function digestData(encryptData: string): string {
  return encodeHexUpper(sm3(encodeUtf8(encryptData)));
}

type Layout = Pick<AcceptedEnvelope, 'order' | 'prefix04'>;

/** The strict layout first; C3 authenticates, so that at most one layout opens. */
const layouts: readonly Layout[] = [
  { order: 'C1C3C2', prefix04: true },
  { order: 'C1C2C3', prefix04: true },
  { order: 'asn1', prefix04: true },
  { order: 'C1C3C2', prefix04: false },
  { order: 'C1C2C3', prefix04: false },
];

function decryptAnyLayout(ciphertext: Uint8Array, privateKey: Sm2PrivateKey): (Layout & { plaintext: Uint8Array }) | null {
  const first = ciphertext[0];
  for (const layout of layouts) {
    const expected = layout.order === 'asn1' ? 0x30 : layout.prefix04 ? 0x04 : first;
    if (first !== expected) continue;
    const plaintext = decryptSm2({ privateKey, ciphertext, layout: layout.order, leading04: layout.prefix04 });
    if (plaintext !== null) return { ...layout, plaintext };
  }
  return null;
}

/** JSON as it is, or JSON in BASE64 (line breaks inside are ignored). */
function readInner(plaintext: Uint8Array, maxLength: number): { payload: JsonValue; innerBase64: boolean } | null {
  const text = decodeUtf8(plaintext)?.trim();
  if (text === undefined) return null;
  const direct = /^[[{]/.test(text) ? parseJson(text, { maxLength }) : null;
  if (direct !== null) return { payload: direct, innerBase64: false };
  const bytes = decodeBase64(text.replace(/\s+/g, ''));
  const inner = bytes === null ? null : decodeUtf8(bytes);
  const payload = inner === null ? null : parseJson(inner, { maxLength });
  return payload === null ? null : { payload, innerBase64: true };
}

function caseOf(hex: string): AcceptedEnvelope['case'] {
  if (!/[a-f]/.test(hex)) return 'upper';
  return /[A-F]/.test(hex) ? 'mixed' : 'lower';
}
