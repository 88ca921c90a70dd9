import * as v from 'valibot';
import { type ExchangeSettings, enrolPath, type PlatformProfile, PlatformProfileSchema } from '../../domain/contracts/enterprise.ts';
import { AppRegisterReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { type HeadSigner, openEnvelope, type RequestEnvelope, type SealInput, sealEnvelope, verifyReplySignature } from '../../domain/envelope.ts';
import type { KeyPair } from '../keys.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';

/** What a call was answered: the head's status and text, the opened payload, and what the signature of the head proves. */
export interface Answer {
  readonly status: string;
  readonly message: string;
  readonly payload: JsonValue | undefined;
  readonly signature: 'valid' | 'absent' | 'invalid';
  /** The envelope as it came. */
  readonly received: JsonValue;
}

/** How one call differs from what the peer usually sends. Null leaves out. */
export interface CallChanges extends Omit<Partial<SealInput>, 'sign'> {
  readonly accountId?: string;
  readonly appToken?: string | null;
  readonly sign?: HeadSigner | null;
}

/** An application system enrolled for the kit, in one mode of exchange. */
export interface Peer {
  readonly mode: ExchangeSettings['mode'];
  readonly profile: PlatformProfile;
  /** Null at a platform that gives none (wire notes W4). */
  readonly appToken: string | null;
  readonly owner: { readonly corpName: string; readonly corpCode: string };
  call(path: string, payload: object, changes?: CallChanges): Promise<Answer>;
  /** Seals a request for this interface. */
  seal(path: string, payload: object, changes?: CallChanges): RequestEnvelope;
  /** Sends an envelope, or what passes for one, as it is. */
  send(path: string, body: unknown): Promise<Answer>;
  signer(changes?: { privateKey?: Uint8Array; now?: number }): HeadSigner;
}

/** What the kit is run with. */
export interface PeerDeps {
  readonly url: string;
  readonly now: () => number;
  readonly random: RandomBytes;
}

const owner = { corpName: '互联互通检测', corpCode: '12310000MB2F30999Q' };

/** Enrols a peer with a code of the platform and fetches its application token; throws when the platform does not let it in. */
export async function enrolPeer(deps: PeerDeps, enrolmentCode: string, mode: ExchangeSettings['mode']): Promise<Peer> {
  const keys = generateSm2KeyPair(deps.random);
  const response = await fetch(`${deps.url}${enrolPath}`, post({ enrolmentCode, ...owner, publicKey: encodeHex(keys.publicKey), exchange: { mode } }));
  const profile = v.safeParse(PlatformProfileSchema, await response.json());
  if (!profile.success) throw new Error('the platform did not take the enrolment code');
  return openPeer(deps, { keys, mode, owner, profile: profile.output });
}

/** The peer of a profile that is there already: fetches its application token. */
export async function openPeer(
  deps: PeerDeps,
  { keys, mode, owner, profile }: { readonly keys: KeyPair; readonly mode: Peer['mode']; readonly owner: Peer['owner']; readonly profile: PlatformProfile },
): Promise<Peer> {
  const { accountId, appId, appSecret, envelopePublicKey } = profile;
  const theirPublicKey = decodeHex(envelopePublicKey) ?? new Uint8Array();
  const held: { appToken: string | null } = { appToken: null };
  const signer: Peer['signer'] = ({ privateKey = keys.privateKey, now = deps.now() } = {}) => ({
    now,
    sign: (message) => signSm2({ privateKey, message, id: sm2DefaultId, random: deps.random }),
  });
  const seal: Peer['seal'] = (path, payload, { appToken = mode === 'extended' ? held.appToken : null, sign = mode === 'extended' ? signer() : null, ...changes } = {}) =>
    sealEnvelope({
      ...{ accountId, interfacePath: path, payload: payload as JsonValue, theirPublicKey, random: deps.random },
      ...(sign === null ? {} : { sign }),
      ...(appToken === null ? {} : { appToken }),
      ...changes,
    });
  const send: Peer['send'] = async (path, body) => {
    const answer = await fetch(`${deps.url}${path}`, post(body));
    const json = parseJson(await answer.text(), { maxLength: 64 * 1024 * 1024 });
    const requestNonce = isJsonObject(body) && isJsonObject(body['head']) ? String(body['head']['nonce'] ?? '') : '';
    return readAnswer(json, { accountId, publicKey: theirPublicKey, privateKey: keys.privateKey, requestNonce });
  };
  const call: Peer['call'] = (path, payload, changes) => send(path, seal(path, payload, changes));
  const registered = v.safeParse(AppRegisterReplySchema, (await call(sharingPaths.appRegister, { appId, appSecret, ...owner })).payload);
  held.appToken = registered.success ? (registered.output.data?.token ?? null) : null;
  return { mode, appToken: held.appToken, profile, owner, call, seal, send, signer };
}

function post(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) };
}

function readAnswer(
  json: JsonValue | null,
  with_: { accountId: string; publicKey: Uint8Array; privateKey: Uint8Array; requestNonce: string },
): Answer {
  const opened = openEnvelope({ envelope: json, privateKey: with_.privateKey });
  if (!opened.ok) throw new Error(`an answer that cannot be opened: ${opened.failure.code}`);
  const { head, payload } = opened.value;
  const encryptData = String((json as JsonObject)['encryptData'] ?? '');
  const { state } = verifyReplySignature({ envelope: { head, encryptData }, ...with_, signerId: sm2DefaultId });
  return { status: String(head['status']), message: String(head['message']), payload, signature: state, received: json };
}
