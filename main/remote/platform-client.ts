import * as v from 'valibot';
import { type CheckpointReply, CheckpointReplySchema, type CheckpointSubmit, evidencePaths } from '../../domain/contracts/evidence.ts';
import { enterprisePaths, type EnterpriseQuery, type OfflineRecord, type OfflineReply, OfflineReplySchema, type PlatformProfile, SignedKeyListSchema, type SigningKeyList } from '../../domain/contracts/enterprise.ts';
import type { CatalogueEntry, FileEntry, InfoEntry, Purpose, Scenario, SearchHit } from '../../domain/contracts/sharing.ts';
import { mostVerifiedBytes, sharingPaths } from '../../domain/contracts/sharing.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { pinSm2PublicKey } from '../../domain/crypto/sm2.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { JsonValue } from '../../domain/json.ts';
import { readKeyList } from '../../domain/key-list.ts';
import { createSecret, type Secret } from '../../domain/secret.ts';
import * as replies from '../../domain/sharing-reply.ts';
import { createCertificateIds } from './certificate-ids.ts';
import { type CheckedFile, checkFile, type FileClaim } from './file-check.ts';
import { createHttpChannel, type HttpChannel } from './http-channel.ts';
import { baseOf, createSealedCall, readStatus, type Timed } from './sealed-calls.ts';
import { type Call, createTokenCalls, type TokenCalls } from './token-calls.ts';

/** Limits of one call; the defaults are for a counter on a government network. */
export interface ClientLimits {
  /** Whole exchange, ms; 8 s. */
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Envelope, bytes; 16 MB. */
  readonly maxAnswerBytes?: number;
  /** Certificate file, bytes and ms; 20 MB, 30 s. */
  readonly maxFileBytes?: number;
  readonly fileTimeoutMs?: number;
}

/** What a client needs; `organisation` is whom the application is registered for (12.2.1). */
export interface PlatformClientDeps {
  readonly profile: PlatformProfile;
  readonly accountPrivateKey: Secret<Uint8Array>;
  readonly organisation: { readonly name: string; readonly code: string };
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  readonly limits?: ClientLimits;
  /** Trusted roots in PEM instead of the system's: a platform with an authority of its own. */
  readonly trustedRoots?: string;
  readonly channel?: HttpChannel;
}

/** An enterprise query answered, beside it the consent record exactly as it came and how the envelope was spelled. */
export type QueryAnswer = Timed<replies.ReadEnterpriseReply>;

/** Holder and certificates of a code of another family (12.2.2); the holder's token is in memory only (wire notes W25). */
export interface CodeVerification {
  readonly holder: { readonly idCard: string; readonly userName: string | null; readonly phone: string | null };
  readonly trustedToken: Secret<string>;
  readonly certificates: readonly SearchHit[];
}

/** Calls of one platform. None rejects; every failure is of the closed list. */
export interface PlatformClient {
  query(request: EnterpriseQuery): Promise<Result<QueryAnswer>>;
  search(request: SearchInput): Promise<Result<Timed<readonly SearchHit[]>>>;
  fileById(request: { certificateId: string; purpose: Purpose }): Promise<Result<Timed<FileEntry>>>;
  infoById(request: { certificateId: string; purpose: Purpose }): Promise<Result<Timed<InfoEntry>>>;
  catalogue(): Promise<Result<Timed<readonly CatalogueEntry[]>>>;
  scenarios(): Promise<Result<Timed<readonly Scenario[]>>>;
  /** The platform's signing keys now; `remote/forged` for a list that it did not sign, or that is older than `heldSequence`. */
  signingKeys(heldSequence: number): Promise<Result<SigningKeyList>>;
  /** Fetches a new application token; every call does it by itself when it needs one. */
  registerApp(): Promise<Result<{ hasToken: boolean }>>;
  verifyCode(request: { code: string; purpose: Purpose }): Promise<Result<Timed<CodeVerification>>>;
  /** Whether the platform serves us, with its clock: no clause has a call for that, so our own scenario lists are asked for. */
  health(): Promise<Result<Timed<null>>>;
  /** Fetches a certificate file once and checks it against its claim; a failed one is asked for anew through `fileById`. */
  download(request: { url: string; claim: FileClaim }): Promise<Result<CheckedFile>>;
  /** Asks whether a file is authentic (12.1.10); `file/too-large` for one that no envelope carries (wire notes W8). */
  verifyFile(request: { bytes: Uint8Array; format: 'PDF' | 'OFD'; purpose: Purpose }): Promise<Result<{ readonly authentic: boolean }>>;
  /** Hands a checkpoint of our audit log to the platform's audit centre; its countersignature is checked by who asked. */
  submitCheckpoint(request: CheckpointSubmit): Promise<Result<CheckpointReply>>;
  /** Hands in what was judged without the platform; all are answered or none, and each alike however often it comes. */
  submitOffline(records: readonly OfflineRecord[]): Promise<Result<OfflineReply>>;
  close(): void;
}

/** A search by holder token (12.1.5). */
export interface SearchInput {
  readonly trustedToken: Secret<string>;
  readonly certificateType?: string;
  readonly certificateNumber?: string;
  readonly purpose: Purpose;
}

/** Creates the client of one platform: the SM2 envelope, the application token, and downloads from listed hosts only. */
export function createPlatformClient(deps: PlatformClientDeps): PlatformClient {
  const { profile, organisation, limits = {} } = deps;
  const { timeoutMs = 8000, maxAnswerBytes = 16 * 1024 * 1024 } = limits;
  const base = baseOf(profile.baseUrl);
  const hosts = [base.host, ...profile.fileHosts];
  const channel = deps.channel ?? createHttpChannel({ hosts, ...deps, connectTimeoutMs: limits.connectTimeoutMs });
  const sealed = createSealedCall({ ...deps, channel, maxAnswerBytes, timeoutMs });
  const certificateIds = createCertificateIds(deps.monotonic);

  const { call, registerApp } = createTokenCalls({ sealed, profile, organisation });

  const callById = async <T>(wanted: Call<T>, certificateId: string): Promise<Result<Timed<T>>> => {
    if (certificateIds.isExpired(certificateId)) return fail('certificate/expired-id');
    return explainById(await call(wanted));
  };

  const scenarios = (): Promise<Result<Timed<readonly Scenario[]>>> =>
    call({ path: sharingPaths.scenarios, payload: { appId: profile.appId }, read: readList(replies.readScenariosReply) });

  return {
    query: async (request) => {
      const answer = await call({ path: enterprisePaths.query, payload: printQuery(request), read: replies.readEnterpriseReply });
      if (!answer.ok) return answer;
      const { requestId = request.requestId } = answer.value.value.reply;
      if (requestId !== request.requestId) return fail('remote/malformed', 'requestId');
      certificateIds.remember(answer.value.value.reply.certList?.map((entry) => entry.certificateID) ?? []);
      return answer;
    },
    search: async (request) => {
      const answer = await call({ path: sharingPaths.search, payload: printSearch(request), read: readList(replies.readSearchReply) });
      if (answer.ok) certificateIds.remember(answer.value.value.map((entry) => entry.certificateID));
      return answer;
    },
    fileById: ({ certificateId, purpose }) =>
      callById(
        { path: sharingPaths.fileById, payload: { certificateID: certificateId, ...purpose }, read: readOnly(replies.readFileReply) },
        certificateId,
      ),
    infoById: ({ certificateId, purpose }) =>
      callById(
        { path: sharingPaths.infoById, payload: { certificateID: certificateId, ...purpose }, read: readOnly(replies.readInfoReply) },
        certificateId,
      ),
    catalogue: () => call({ path: sharingPaths.catalogue, payload: {}, read: readList(replies.readCatalogueReply) }),
    scenarios,
    signingKeys: (heldSequence) => fetchSigningKeys(call, profile, heldSequence),
    registerApp,
    verifyCode: async ({ code, purpose }) => {
      const answer = await call({ path: sharingPaths.codeVerify, payload: { qrCode: code, ...purpose }, read: readCodeVerification });
      if (answer.ok) certificateIds.remember(answer.value.value.certificates.map((entry) => entry.certificateID));
      return answer;
    },
    health: async () => withoutValue(await scenarios()),
    download: (request) => {
      const url = URL.parse(request.url);
      // What is asked for over TLS does not come in clear.
      if (url === null || (base.protocol === 'https:' && url.protocol !== 'https:')) return Promise.resolve(fail('file/host-not-allowed'));
      return download({ url, claim: request.claim }, channel, limits);
    },
    verifyFile: (request) => verifyFile(call, request),
    submitCheckpoint: (request) => submitCheckpoint(call, request),
    submitOffline: (records) => submitOffline(call, records),
    close: () => channel.close(),
  };
}

async function fetchSigningKeys(call: TokenCalls['call'], profile: PlatformProfile, heldSequence: number): Promise<Result<SigningKeyList>> {
  const signer = pinSm2PublicKey(decodeHex(profile.envelopePublicKey) ?? new Uint8Array(0));
  if (signer === null) return fail('remote/forged', 'no key to check with');
  const { platformId } = profile;
  const answer = await call({
    path: enterprisePaths.signingKeys,
    payload: {},
    read: (payload) => {
      const signed = v.safeParse(SignedKeyListSchema, payload);
      return signed.success ? readKeyList(signed.output, { platformId, signer, heldSequence }) : fail('remote/malformed', 'key list');
    },
  });
  return answer.ok ? ok(answer.value.value) : answer;
}

function withoutValue<T>(answer: Result<Timed<T>>): Result<Timed<null>> {
  return answer.ok ? ok({ ...answer.value, value: null }) : answer;
}

async function submitCheckpoint(call: TokenCalls['call'], request: CheckpointSubmit): Promise<Result<CheckpointReply>> {
  const answer = await call({ path: evidencePaths.checkpoint, payload: printSubmit(request), read: readCheckpointReply });
  return answer.ok ? ok(answer.value.value) : answer;
}

async function submitOffline(call: TokenCalls['call'], records: readonly OfflineRecord[]): Promise<Result<OfflineReply>> {
  const answer = await call({
    path: enterprisePaths.submitOffline,
    payload: { records: records.map((record) => ({ ...record })) },
    read: (payload) => {
      const reply = v.safeParse(OfflineReplySchema, payload);
      return reply.success ? ok(reply.output) : fail('remote/malformed', 'records');
    },
  });
  return answer.ok ? ok(answer.value.value) : answer;
}

function printSubmit({ seed, ...request }: CheckpointSubmit): JsonValue {
  return seed === undefined ? request : { ...request, seed };
}

function readCheckpointReply(payload: unknown): Result<CheckpointReply> {
  const reply = v.safeParse(CheckpointReplySchema, payload);
  return reply.success ? ok(reply.output) : fail('remote/malformed', 'checkpoint');
}

function readList<T>(read: (payload: unknown) => Result<replies.ListReply<T>>): (payload: unknown) => Result<readonly T[]> {
  return (payload) => {
    const list = read(payload);
    return list.ok ? ok(list.value.dataList) : list;
  };
}

function readOnly<T>(read: (payload: unknown) => Result<replies.ListReply<T>>): (payload: unknown) => Result<T> {
  return (payload) => {
    const list = read(payload);
    return list.ok ? replies.takeOnly(list.value) : list;
  };
}

function readCodeVerification(payload: unknown): Result<CodeVerification> {
  const reply = replies.readCodeVerifyReply(payload);
  if (!reply.ok) return reply;
  const { userInfo, certificateList = [] } = reply.value;
  return ok({
    holder: { idCard: userInfo.idCard, userName: userInfo.userName ?? null, phone: userInfo.phone ?? null },
    trustedToken: createSecret(userInfo.trustedToken),
    certificates: certificateList.map(({ certificateId, ...entry }) => ({ certificateID: certificateId, ...entry })),
  });
}

function printQuery(request: EnterpriseQuery): JsonValue {
  const { token, ...credential } = request.operatorCredential;
  return { ...request, operatorCredential: { ...credential, ...(token === undefined ? {} : { token }) } };
}

function printSearch({ trustedToken, certificateType, certificateNumber, purpose }: SearchInput): JsonValue {
  return {
    trustedToken: trustedToken.reveal(),
    ...(certificateType === undefined ? {} : { certificateType }),
    ...(certificateNumber === undefined ? {} : { certificateNumber }),
    ...purpose,
  };
}

/** The reference platform's statuses for a certificate id that ran out, for a certificate that was not granted and for a grant that its holder took back. */
function explainById<T>(answer: Result<T>): Result<T> {
  if (answer.ok || answer.failure.code !== 'remote/refused') return answer;
  const status = readStatus(answer.failure.detail);
  if (status === '31') return fail('certificate/expired-id');
  if (status === '33') return fail('verdict/withdrawn');
  return status === '32' ? fail('verdict/not-granted') : answer;
}

async function verifyFile(
  call: TokenCalls['call'],
  { bytes, format, purpose }: Parameters<PlatformClient['verifyFile']>[0],
): ReturnType<PlatformClient['verifyFile']> {
  if (bytes.length > mostVerifiedBytes) return fail('file/too-large');
  const payload = { fileEntity: encodeBase64(bytes), fileFormat: format, ...purpose };
  return explainFileCheck(await call({ path: sharingPaths.fileVerify, payload, read: replies.readFileVerifyReply }));
}

/** A `result` that is not 1 is the platform's no; whatever else went wrong, it did not say (wire notes W23). */
function explainFileCheck(answer: Result<Timed<{ readonly authentic: boolean }>>): Result<{ readonly authentic: boolean }> {
  if (answer.ok) return ok(answer.value.value);
  const isNo = answer.failure.code === 'remote/refused' && answer.failure.detail?.startsWith('result ') === true;
  return isNo ? ok({ authentic: false }) : answer;
}

const fileTypes = ['application/pdf', 'application/ofd', 'application/octet-stream', 'application/zip', 'application/x-ofd'];

async function download(
  { url, claim }: { url: URL; claim: FileClaim },
  channel: HttpChannel,
  { maxFileBytes = 20 * 1024 * 1024, fileTimeoutMs = 30_000 }: ClientLimits,
): Promise<Result<CheckedFile>> {
  const reply = await channel.send({ url, mediaTypes: fileTypes, maxBytes: maxFileBytes, timeoutMs: fileTimeoutMs });
  if (reply.ok) return checkFile(reply.value.body, claim);
  return reply.failure.code === 'remote/too-large' ? fail('file/too-large') : reply;
}
