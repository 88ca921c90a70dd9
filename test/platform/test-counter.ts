import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import * as v from 'valibot';
import { type EnterpriseQuery, type EnterpriseReply, EnterpriseReplySchema, enterprisePaths, type ExchangeSettings, PlatformProfileSchema } from '../../domain/contracts/enterprise.ts';
import { AppRegisterReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type HeadSigner, openEnvelope, type SealInput, sealEnvelope } from '../../domain/envelope.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { createPlatform, type Platform, type PlatformDeps } from '../../platform/app.ts';
import type { MintRequest } from '../../platform/presenting/contract.ts';
import { ask } from '../fakes/postgres.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';

export const organisation = { name: '浦东新区政务服务中心', code: '12310115MB2F30123X' };

/** The linked scenario that may ask for every type. */
export const purpose = {
  useFor: '核验营业执照及法定代表人信息',
  itemName: '公司变更登记',
  itemCode: '310131002001',
  itemOrg: organisation.name,
  operator: '周敏',
  bizNum: 'PD-2026-1121-0387',
};

/** A clock that stands still until it is moved; it begins on a whole second. */
export function createTestClock(start = Date.parse('2026-11-21T02:27:40Z')) {
  const state = { ms: start };
  return { now: () => state.ms, advance: (ms: number) => (state.ms += ms) };
}

/** Set where the suite runs on PostgreSQL: a server whose databases may be made. */
const server = process.env['COUNTER_TEST_DATABASE'];

/** Null: the platform keeps its data in SQLite, a file in its folder. */
export const isOnServer = server !== undefined;

/** Each data folder has a database of its own, also when a platform is started on it again. */
const databases = new Map<string, Promise<string>>();

async function createDatabase(address: string, name: string): Promise<string> {
  await ask(address, `create database ${name}`);
  return Object.assign(new URL(address), { pathname: `/${name}` }).href;
}

function findDatabase(dataDir: string): Promise<string> | undefined {
  if (server === undefined) return undefined;
  const known = databases.get(dataDir) ?? createDatabase(server, `t_${encodeHex(systemRandom(8))}`);
  databases.set(dataDir, known);
  return known;
}

/** A platform on its own folder, with a still clock and certificates that are drawn in no time. */
export async function startPlatform(overrides: Partial<PlatformDeps> = {}) {
  const dataDir = overrides.dataDir ?? mkdtempSync(path.join(tmpdir(), 'platform-test-'));
  const database = overrides.database ?? (await findDatabase(dataDir));
  const clock = createTestClock();
  const logged: string[] = [];
  const platform = await createPlatform({
    dataDir,
    database,
    now: clock.now,
    random: systemRandom,
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    draw: async (company, certificate) =>
      encodeUtf8(`${certificate.format === 'PDF' ? '%PDF-1.7' : 'PK\u0003\u0004OFD.xml'} ${company.name} ${certificate.type} 文件内容`),
    ...overrides,
  });
  return {
    platform,
    clock,
    dataDir,
    logged,
    stop: () => platform.close(),
    remove: async () => {
      await platform.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface CallResult {
  readonly httpStatus: number;
  readonly status: unknown;
  readonly message: unknown;
  readonly payload: JsonValue | undefined;
  readonly head: JsonObject;
}

export type TestCounter = Awaited<ReturnType<typeof enrolCounter>>;

/** How one call differs from the usual, which is signed, with an application token. Null leaves out. */
export interface CallOptions extends Omit<Partial<SealInput>, 'sign'> {
  readonly sign?: HeadSigner | null;
  readonly appToken?: string | null;
  /** The interface that it is signed for; null: none, as version 1 of the extension signed. */
  readonly interfacePath?: string | null;
  /** Another platform on the same data. */
  readonly url?: string;
}

/** Enrols an application system over HTTP and speaks the envelope for it, by the platform's clock where it has one. */
export async function enrolCounter(
  platform: Pick<Platform, 'url' | 'enrolmentCode'> & Partial<Pick<Platform, 'now'>>,
  owner = organisation,
  exchange: Partial<ExchangeSettings> = {},
) {
  const keys = generateSm2KeyPair(systemRandom);
  const reply = await postJson(`${platform.url}/enrol`, {
    enrolmentCode: platform.enrolmentCode,
    corpName: owner.name,
    corpCode: owner.code,
    publicKey: encodeHex(keys.publicKey),
    exchange,
  });
  const profile = v.parse(PlatformProfileSchema, await reply.json());
  const held = { appToken: '' };
  const signer = (privateKey = keys.privateKey, now = platform.now?.() ?? Date.now()): HeadSigner => ({
    now,
    sign: (message) => signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom }),
  });
  const seal = (payload: object, { sign = signer(), appToken = null, interfacePath = sharingPaths.catalogue, ...changes }: CallOptions) =>
    sealEnvelope({
      accountId: profile.accountId,
      payload: payload as JsonValue,
      theirPublicKey: bytes(profile.envelopePublicKey),
      random: systemRandom,
      ...(sign === null ? {} : { sign }),
      ...(appToken === null ? {} : { appToken }),
      ...(interfacePath === null ? {} : { interfacePath }),
      ...changes,
    });
  const register = async (options: CallOptions): Promise<string> => {
    const { appId, appSecret } = profile;
    const request = { appId, appSecret, corpName: owner.name, corpCode: owner.code };
    const { payload } = await postEnvelope(`${options.url ?? platform.url}${sharingPaths.appRegister}`, seal(request, { interfacePath: sharingPaths.appRegister }), keys.privateKey);
    return v.parse(AppRegisterReplySchema, payload).data?.token ?? '';
  };
  const call = async (path_: string, payload: object, options: CallOptions = {}): Promise<CallResult> => {
    const usual = path_ === sharingPaths.appRegister ? null : held.appToken;
    const { appToken = usual } = options;
    const answer = await postEnvelope(`${options.url ?? platform.url}${path_}`, seal(payload, { interfacePath: path_, ...options, appToken }), keys.privateKey);
    if (answer.status !== '14' || options.appToken !== undefined) return answer;
    held.appToken = await register(options);
    return call(path_, payload, { ...options, appToken: held.appToken });
  };
  const query = async (code: string, changes: Partial<EnterpriseQuery> = {}, options: CallOptions = {}): Promise<EnterpriseReply> => {
    const result = await call(enterprisePaths.query, { ...queryOf(code, owner), ...changes }, options);
    return v.parse(EnterpriseReplySchema, result.payload);
  };
  held.appToken = await register({});
  return { profile, keys, call, query, seal, signer, appToken: () => held.appToken };
}

export function queryOf(code: string, owner = organisation): EnterpriseQuery {
  return {
    code,
    operatorCredential: { operatorId: '3101', name: purpose.operator, orgCode: owner.code, orgName: owner.name },
    ...purpose,
    requestId: encodeHex(systemRandom(16)),
    scannedAt: '2026-11-21T10:27:40.000+08:00',
    deviceId: 'window-12',
  };
}

export async function postEnvelope(url: string, envelope: unknown, privateKey: Uint8Array): Promise<CallResult> {
  const response = await postJson(url, envelope);
  const body: unknown = await response.json();
  const opened = openEnvelope({ envelope: body, privateKey });
  if (!opened.ok) throw new Error(`reply: ${opened.failure.code} ${JSON.stringify(body)}`);
  const { head, payload } = opened.value;
  return { httpStatus: response.status, status: head['status'], message: head['message'], payload, head };
}

export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

/** Logs a holder in and asks the presenter's interface for them, as the page does. */
export async function logIn(url: string, companyId = firstCompany().id, role: 'legal' | 'agent' = 'legal') {
  const { token } = (await (await postJson(`${url}/presenter/sessions`, { companyId, role })).json()) as { token: string };
  const authorization = `Bearer ${token}`;
  return {
    get: (path_: string) => fetch(`${url}/presenter/${path_}`, { headers: { authorization } }),
    post: (path_: string, body: unknown = {}, headers: Record<string, string> = {}) => postJson(`${url}/presenter/${path_}`, body, { authorization, ...headers }),
    end: () => fetch(`${url}/presenter/sessions`, { method: 'DELETE', headers: { authorization } }),
  };
}

/** Everything of the first company, several times usable, unless changed. */
export function fullGrant(changes: Partial<MintRequest> = {}): MintRequest {
  const company = firstCompany();
  return {
    companyId: company.id,
    certificateTypes: company.certificates.map(({ typeCode }) => typeCode),
    informationGroups: company.information.map(({ oid }) => oid),
    permissions: { retain: true, download: true, transfer: false },
    oneTime: false,
    ...changes,
  };
}

export function firstCompany() {
  const [company] = sampleCompanies;
  if (company === undefined) throw new Error('no sample companies');
  return company;
}

function bytes(hex: string): Uint8Array {
  const decoded = decodeHex(hex);
  if (decoded === null) throw new Error('not hex');
  return decoded;
}
