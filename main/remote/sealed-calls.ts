import type { PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { pinSm2PublicKey, type PinnedSm2Key, signSm2, sm2DefaultId, type Sm2PublicKey } from '../../domain/crypto/sm2.ts';
import { decodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type AcceptedEnvelope, openEnvelope, sealEnvelope, verifyReplySignature } from '../../domain/envelope.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, readField } from '../../domain/json.ts';
import { maxClockDifferenceMs } from '../../domain/online-verification.ts';
import type { Secret } from '../../domain/secret.ts';
import { isOkCode, isOkStatus } from '../../domain/success.ts';
import { type HttpChannel, type HttpReply, staleConnection } from './http-channel.ts';

/** What came back, when by the server's signed time or else its header, and how long the way there and back took. */
export interface Timed<T> {
  readonly value: T;
  /** Epoch ms by the platform's own clock; null where it said none. */
  readonly serverAt: number | null;
  /** Epoch ms by our clock, when the answer was complete. */
  readonly receivedAt: number;
  readonly roundTripMs: number;
}

/** The opened payload of a successful call, and in which of the tolerated spellings it came. */
export interface SealedAnswer {
  readonly payload: JsonValue;
  readonly accepted: AcceptedEnvelope | null;
}

/** What a sealed call needs; `maxAnswerBytes` and `timeoutMs` hold for one call. */
export interface SealedCallsDeps {
  readonly profile: PlatformProfile;
  readonly accountPrivateKey: Secret<Uint8Array>;
  readonly channel: HttpChannel;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly maxAnswerBytes: number;
  readonly timeoutMs: number;
}

/** One call in the SM2 envelope of the sharing specification (YD 12.1.2). */
export type SealedCall = (
  path: string,
  payload: JsonValue,
  appToken?: Secret<string>,
) => Promise<Result<Timed<SealedAnswer>>>;

/**
 * Creates the way to call a platform: sealed to its key, signed in the head for this interface (wire notes W5), answered to ours. A
 * `head.status` that is not "0" fails with `remote/refused` and the status and its message as detail; a `result` or `code`
 * that is not 1 with `result …` or `code …`. An answer that another key signed, or that is to another request, fails with
 * `remote/forged`, and so does an unsigned one where the profile says that the platform signs. Once the key is overwritten
 * every call fails with `access/locked`.
 */
export function createSealedCall(deps: SealedCallsDeps): SealedCall {
  const { profile, random } = deps;
  const theirPublicKey = decodeHex(profile.envelopePublicKey) ?? new Uint8Array(0);
  const signer = pinSm2PublicKey(theirPublicKey) ?? theirPublicKey;

  // A key that has been overwritten: the counter was locked under a call that still wanted something.
  const isForgotten = (): boolean => deps.accountPrivateKey.reveal().every((byte) => byte === 0);

  const send = async (path: string, payload: JsonValue, appToken?: Secret<string>): Promise<Result<SentCall>> => {
    if (isForgotten()) return fail('access/locked');
    const envelope = sealEnvelope({
      accountId: profile.accountId,
      interfacePath: path,
      payload,
      theirPublicKey,
      random,
      sign: {
        now: deps.now(),
        sign: (message) => signSm2({ privateKey: deps.accountPrivateKey.reveal(), message, id: sm2DefaultId, random }),
      },
      ...(appToken === undefined ? {} : { appToken: appToken.reveal() }),
      ...(profile.exchange === undefined ? {} : { settings: profile.exchange }),
    });
    const reply = await deps.channel.send({
      url: new URL(path.replace(/^\//, ''), baseOf(profile.baseUrl)),
      json: JSON.stringify(envelope),
      mediaTypes: ['application/json'],
      maxBytes: deps.maxAnswerBytes,
      timeoutMs: deps.timeoutMs,
    });
    return reply.ok ? ok({ ...reply.value, requestNonce: envelope.head.nonce ?? '' }) : reply;
  };

  return async (path, payload, appToken) => {
    const first = await send(path, payload, appToken);
    // Sealed anew, because the nonce of the first may have been seen; every call may be asked twice (queries by request id).
    const sent = !first.ok && first.failure.detail === staleConnection ? await send(path, payload, appToken) : first;
    if (!sent.ok) return sent;
    const { date, roundTripMs } = sent.value;
    if (isForgotten()) return fail('access/locked');
    const opened = openAnswer(sent.value, signer, deps);
    if (!opened.ok) return blameClock(opened, date, deps.now());
    const { signedAt, ...value } = opened.value;
    return ok({ value, serverAt: signedAt ?? date, receivedAt: deps.now(), roundTripMs });
  };
}

/** A platform refuses calls whose time is far from its own: then the cause is the clock, with `clock` and the offset as detail. */
function blameClock(refusal: ReturnType<typeof fail>, date: number | null, now: number): ReturnType<typeof fail> {
  const isRefused = refusal.failure.code === 'remote/refused';
  if (!isRefused || date === null || Math.abs(date - now) <= maxClockDifferenceMs) return refusal;
  return fail('remote/refused', `clock ${Math.round(date - now)}`);
}

/** The path of baseUrl is kept: a gateway may serve the platform below one. */
export function baseOf(baseUrl: string): URL {
  return new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
}

interface SentCall extends HttpReply {
  readonly requestNonce: string;
}

function openAnswer(
  { body, requestNonce }: SentCall,
  signer: PinnedSm2Key | Sm2PublicKey,
  deps: SealedCallsDeps,
): Result<SealedAnswer & { readonly signedAt: number | null }> {
  const text = decodeUtf8(body);
  const envelope = text === null ? null : parseJson(text, { maxLength: deps.maxAnswerBytes });
  if (envelope === null || !isJsonObject(envelope)) return fail('remote/malformed', 'json');
  const head = readField(envelope, 'head');
  const status = isJsonObject(head) ? readField(head, 'status') : undefined;
  if (!isJsonObject(head) || (typeof status !== 'string' && typeof status !== 'number')) return fail('remote/malformed', 'head');
  const checked = checkSigner(envelope, signer, requestNonce, deps.profile);
  if (checked.state === 'invalid') return fail('remote/forged');
  // "0" or 0 and nothing else is success; the text beside it decides nothing (wire notes W3).
  if (!isOkStatus(status)) return fail('remote/refused', printRefusal(status, readField(head, 'message')));
  // A refusal decides nothing, so that it may come unsigned from a gateway; an answer may not.
  if (checked.state === 'absent' && deps.profile.exchange?.mode === 'extended') return fail('remote/forged', 'unsigned');
  const opened = openEnvelope({ envelope, privateKey: deps.accountPrivateKey.reveal(), maxLength: deps.maxAnswerBytes });
  if (!opened.ok) return opened;
  const { payload, accepted } = opened.value;
  if (payload === undefined) return fail('remote/malformed', 'no data');
  const no = findNo(payload);
  if (no !== null) return fail('remote/refused', no);
  return ok({ payload, accepted: accepted ?? null, signedAt: checked.state === 'valid' ? checked.signedAt : null });
}

function checkSigner(envelope: JsonObject, publicKey: PinnedSm2Key | Sm2PublicKey, requestNonce: string, { accountId }: PlatformProfile) {
  const [head, data] = [readField(envelope, 'head'), readField(envelope, 'encryptData') ?? ''];
  if (!isJsonObject(head) || typeof data !== 'string') return { state: 'absent' } as const;
  return verifyReplySignature({ envelope: { head, encryptData: data }, accountId, publicKey, requestNonce, signerId: sm2DefaultId });
}

/** A success in the head may still carry a no inside: `result` or `code` that is not 1 (wire notes W3). */
function findNo(payload: JsonValue): string | null {
  if (!isJsonObject(payload)) return null;
  for (const name of ['result', 'code']) {
    const said = readField(payload, name);
    if (said !== undefined && !isOkCode(said)) return `${name} ${typeof said === 'object' ? '' : String(said).slice(0, 20)}`;
  }
  return null;
}

/** The `head.status` in the detail of a `remote/refused`. */
export function readStatus(detail: string | undefined): string {
  return detail?.split(' ', 1)[0] ?? '';
}

function printRefusal(status: string | number, message: JsonValue | undefined): string {
  const words = typeof message === 'string' ? message.slice(0, 200) : '';
  return `${String(status).slice(0, 20)} ${words}`.trim();
}
