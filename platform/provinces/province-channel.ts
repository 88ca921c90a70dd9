import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { type HeadSigner, openEnvelope, sealEnvelope, sealReply, verifyEnvelopeSignature, verifyReplySignature } from '../../domain/envelope.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';
import type { Faults } from '../faults.ts';
import type { Nonces } from '../exchange/nonces.ts';
import type { HeldCertificate } from '../information/company-register.ts';
import type { KeyPair } from '../keys.ts';
import type { CertificateFile } from '../sharing/certificate-files.ts';
import type { TrustService } from '../trust/trust-service.ts';
import { withdrawn } from '../sharing/tickets.ts';
import type { ProvinceSystem } from './province-system.ts';

/** Between the fusion service and a province in another process: the envelope of 12.1.2, signed and bound, each with its own keys. */
const channelPath = '/province/ask';
const fusionAccount = 'fusion';

const shortText = v.pipe(v.string(), v.maxLength(4000));
const AskedSchema = v.variant('ask', [
  v.object({ ask: v.literal('search'), companyId: shortText, trustedToken: shortText, accountId: shortText }),
  v.object({ ask: v.literal('file'), certificateKey: v.pipe(v.string(), v.maxLength(400)) }),
]);

interface ChannelDeps {
  readonly fusion: KeyPair;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** A province that is asked over HTTP; whatever is not its own answer to this question rejects. */
export function createRemoteProvince(
  province: { readonly id: string; readonly name: string; readonly url: string; readonly publicKey: Uint8Array },
  deps: ChannelDeps,
): ProvinceSystem {
  const ask = async (question: v.InferOutput<typeof AskedSchema>): Promise<JsonValue | undefined> => {
    const sign = createSigner(deps.fusion, deps);
    const envelope = sealEnvelope({ accountId: fusionAccount, interfacePath: channelPath, payload: question, theirPublicKey: province.publicKey, random: deps.random, sign });
    const response = await fetch(`${province.url}${channelPath}`, { ...printPost(envelope), redirect: 'error', signal: AbortSignal.timeout(30_000) });
    const body = parseJson(await response.text(), { maxLength: 64 * 1024 * 1024 });
    const opened = openEnvelope({ envelope: body, privateKey: deps.fusion.privateKey });
    if (!opened.ok || !isJsonObject(body)) throw new Error('no answer of a province');
    const signed = { head: opened.value.head, encryptData: String(body['encryptData']) };
    const requestNonce = envelope.head.nonce ?? '';
    const { state } = verifyReplySignature({ envelope: signed, accountId: fusionAccount, publicKey: province.publicKey, signerId: sm2DefaultId, requestNonce });
    if (state !== 'valid' || opened.value.head['status'] !== '0') throw new Error('not the answer of this province');
    return opened.value.payload;
  };
  return {
    id: province.id,
    name: province.name,
    // Its own province wrote and signed it.
    search: async (wanted) => ((await ask({ ask: 'search', ...wanted })) as { found: HeldCertificate[] } | undefined)?.found ?? [],
    file: async (certificateKey) => readFile(await ask({ ask: 'file', certificateKey })),
  };
}

/** Serves one province's system to the fusion service and to nobody else; a search only where the trusted service knows its holder token (10.2 b). */
export function serveProvince(
  http: FastifyInstance,
  deps: ChannelDeps & { readonly system: ProvinceSystem; readonly keys: KeyPair; readonly nonces: Nonces; readonly trust: Pick<TrustService, 'holder'>; readonly faults: Faults },
): void {
  http.post(channelPath, async (request, reply) => {
    const { body } = request;
    if (deps.faults.latencyMs !== undefined) await wait(deps.faults.latencyMs, undefined, { ref: false });
    const head = isJsonObject(body) && isJsonObject(body['head']) ? body['head'] : null;
    const opened = openEnvelope({ envelope: body, privateKey: deps.keys.privateKey });
    if (head === null || !opened.ok || !(await isFusion(deps, body as JsonObject, head))) return reply.code(403).send({});
    const asked = v.safeParse(AskedSchema, opened.value.payload);
    if (!asked.success) return reply.code(400).send({});
    if (!(await isGranted(deps.trust, asked.output))) return reply.code(403).send({});
    const payload = await answer(deps.system, asked.output);
    const sealed = sealReply({
      ...{ accountId: fusionAccount, status: '0', message: '', payload, theirPublicKey: deps.fusion.publicKey, random: deps.random },
      sign: createSigner(deps.keys, deps),
      requestNonce: String(head['nonce']),
    });
    return reply.send(sealed);
  });
}

async function isFusion(deps: ChannelDeps & { readonly nonces: Nonces }, body: JsonObject, head: JsonObject): Promise<boolean> {
  const envelope = { head, encryptData: String(body['encryptData']) };
  const now = deps.now();
  const signed = { envelope, accountId: fusionAccount, publicKey: deps.fusion.publicKey, signerId: sm2DefaultId };
  const state = verifyEnvelopeSignature({ ...signed, interfacePath: channelPath, now });
  return state === 'valid' && deps.nonces.use(fusionAccount, String(head['nonce']));
}

async function isGranted(trust: Pick<TrustService, 'holder'>, asked: v.InferOutput<typeof AskedSchema>): Promise<boolean> {
  if (asked.ask !== 'search') return true;
  const grant = await trust.holder(asked.trustedToken, asked.accountId);
  return grant !== null && grant !== withdrawn && grant.companyId === asked.companyId;
}

async function answer(system: ProvinceSystem, asked: v.InferOutput<typeof AskedSchema>): Promise<object> {
  if (asked.ask === 'search') return { found: await system.search(asked) };
  const file = await system.file(asked.certificateKey);
  return file === null ? { file: null } : { file: { ...file, content: encodeBase64(file.content) } };
}

const FileSchema = v.object({ file: v.nullable(v.object({ format: v.picklist(['PDF', 'OFD']), sm3: v.string(), content: v.string() })) });

function readFile(payload: JsonValue | undefined): CertificateFile | null {
  const { file } = v.parse(FileSchema, payload);
  if (file === null) return null;
  const content = decodeBase64(file.content);
  if (content === null) throw new Error('a file that is no BASE64');
  return { ...file, content };
}

function createSigner({ privateKey }: KeyPair, { now, random }: ChannelDeps): HeadSigner {
  return { now: now(), sign: (message) => signSm2({ privateKey, message, id: sm2DefaultId, random }) };
}

function printPost(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
