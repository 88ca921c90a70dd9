import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { PlatformProfile, SignedKeyList, SigningKeyList } from '../domain/contracts/enterprise.ts';
import { encodeHexUpper } from '../domain/crypto/hex.ts';
import { signSm2, sm2DefaultId } from '../domain/crypto/sm2.ts';
import { signKeyList } from '../domain/key-list.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { createCallLog, createRemoteCallLog, printCallLogMethods } from './audit/call-log.ts';
import { createCodeEngine, type MintedCode } from './engine/code-engine.ts';
import { createLocalCodeService, createRemoteCodeService, printCodeMethods } from './engine/code-service.ts';
import { type AuditCentre, createAuditCentre } from './audit/audit-centre.ts';
import { openSigningKeys, type SigningKeys } from './engine/signing-keys.ts';
import { createEnrolment, type Enrolment } from './enrolment/enrolment.ts';
import { createNonces } from './exchange/nonces.ts';
import { createPeerKeys } from './exchange/peer-keys.ts';
import { distortFiles, type Faults } from './faults.ts';
import { createHttp } from './http.ts';
import { createAccessLog } from './information/access-log.ts';
import { createCompanyRegister } from './information/company-register.ts';
import { createInformationService } from './information/information-service.ts';
import { openKeyRing } from './keys.ts';
import { openDemoPeer } from './openapi/demo-peer.ts';
import { serveOpenApi } from './openapi/routes.ts';
import { createPartChannel, type PartMethods, type PartName, servePart } from './parts/part-channel.ts';
import type { MintRequest } from './presenting/contract.ts';
import { createMetrics, type Metrics } from './operations/metrics.ts';
import { createRequestMonitor, usualLimits } from './operations/request-monitor.ts';
import { serveOperations } from './operations/routes.ts';
import { createSessions } from './presenting/sessions.ts';
import { createPresentingService, type PresentingService } from './presenting/presenting-service.ts';
import { servePresenting } from './presenting/routes.ts';
import { createRateLimit } from './rate-limit.ts';
import { createProvinces } from './provinces/provinces.ts';
import { serveProvince } from './provinces/province-channel.ts';
import { type PlatformRole, serveInterfaces } from './routes.ts';
import { createCodeRouting } from './routing/code-routing.ts';
import { sampleCompanies } from './sample/companies.table.ts';
import type { SampleCompany } from './sample/sample-company.ts';
import { createCertificateFiles, drawAhead, type DrawCertificate } from './sharing/certificate-files.ts';
import type { FileSignatures } from './sharing/file-verification.ts';
import { createDrawing } from './sharing/drawing.ts';
import { createListForwarding } from './sharing/list-forwarding.ts';
import { createPublishedLists, type PublishedLists } from './sharing/published-lists.ts';
import { createSharingService } from './sharing/sharing-service.ts';
import { createTickets } from './sharing/tickets.ts';
import { openStorage, type Storage, type Work } from './storage/database.ts';
import { createSealing, type Sealing } from './storage/sealing.ts';
import { createAccounts } from './trust/accounts.ts';
import { createPersonRegister } from './trust/person-register.ts';
import { createRemoteTrustService, createTrustService, printTrustMethods } from './trust/trust-service.ts';

/** What the platform is started with; everything but the first six has a default. */
export interface PlatformDeps {
  /** `postgres://…` instead of the SQLite file: any number of processes may then run on the same data folder's keys. */
  readonly database?: string | undefined;
  /** Kept here: `platform.sqlite`, `keys.json` and `enrolment.json` (both mode 0600). Made when missing. */
  readonly dataDir: string;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log: FastifyBaseLogger;
  /** May be changed while the platform runs. */
  readonly faults?: Faults;
  readonly companies?: readonly SampleCompany[];
  readonly draw?: DrawCertificate;
  /** Verifies files by signature; closed with the platform. Without it they are verified by SM3 alone (12.1.10). */
  readonly signatures?: FileSignatures;
  /** The six digits and the name of this platform; those of the reference platform unless told. */
  readonly identity?: { readonly platformId: string; readonly name: string };
  /** The built presenter page; by default where the build puts it. */
  readonly presenterDir?: string;
  /** What this process does; the usual is everything. Processes of one platform share data folder and database. */
  readonly role?: PlatformRole;
  /** Which province a process of that role is. */
  readonly province?: string;
  /** Where the provinces are asked that run in processes of their own; the others are in this one. */
  readonly provinceUrls?: Readonly<Record<string, string>>;
  /** Where the parts are asked that run in processes of their own; the others are in this one. */
  readonly partUrls?: Readonly<Partial<Record<PartName, string>>>;
  /** How long any one province is waited for, ms; 3 s. */
  readonly provinceDeadlineMs?: number;
  /** The address that counters are given, where a gateway stands before several processes. */
  readonly publicUrl?: string;
  /** Gateways whose word on where a request came from is taken (X-Forwarded-For); else each is where it connects from. */
  readonly trustedProxies?: readonly string[];
  /** How regular work is repeated; by a timer that keeps no process alive unless told. */
  readonly every?: Every;
  /** How many abnormal requests in ten minutes are prompted, and cut off. */
  readonly abnormalRequests?: { readonly prompt: number; readonly cutOff: number };
  /** How long a request may take to arrive, ms (30 s), and how many connections one address may hold open. */
  readonly requestTimeoutMs?: number;
  readonly connections?: number;
  /** Requests that one address, and one peer, may make in 10 seconds. */
  readonly requestsPer10s?: number;
}

/** A running platform; `close` ends it with all that it holds open. */
export interface Platform {
  readonly url: string;
  /** The code that the next counter enrols with; it changes when it has been used. */
  readonly enrolmentCode: string;
  readonly faults: Faults;
  /** The platform's own clock, wrong where a fault makes it so. */
  now(): number;
  /** `method path` of every interface that this process serves; the presenter's page itself is none. */
  readonly routes: readonly string[];
  /** What every counter is told of the platform. */
  profile(): Promise<PublicProfile>;
  readonly lists: PublishedLists;
  readonly auditCentre: AuditCentre;
  /** Mints a code as the presenter page does; throws for a request that the page could not make. */
  mint(request: MintRequest): Promise<MintedCode>;
  close(): Promise<void>;
}

/** The part of the profile that is the same for every counter. */
export type PublicProfile = Omit<PlatformProfile, 'accountId' | 'appId' | 'appSecret' | 'exchange'>;

type OwnKeys = Required<Pick<PublicProfile, 'signingKeys' | 'keySequence'>>;

/** The platform id (B3) of the reference platform. */
export const platformId = '310000';
const reference = { platformId, name: '上海市企业服务码平台（参考实现）' };

/** Starts the reference platform: a real server on a real database, ready when the promise resolves. */
export async function createPlatform(deps: PlatformDeps): Promise<Platform> {
  mkdirSync(deps.dataDir, { recursive: true, mode: 0o700 });
  const { faults = {}, identity = reference, role = 'all' } = deps;
  const clock = { ...deps, now: () => deps.now() + (faults.clockOffsetMs ?? 0) };
  const keys = openKeyRing({ file: join(deps.dataDir, 'keys.json'), now: deps.now, random: deps.random });
  const storage = await openStorage(deps.database ?? join(deps.dataDir, 'platform.sqlite'));
  const address = { own: '', url: '' };
  const sealing = createSealing({ key: keys.storage, random: deps.random });
  const signingKeys = await openSigningKeys({ ...clock, ...identity, storage, sealing, first: keys.signing });
  const profile = async () => printPublicProfile(keys, { ...identity, url: address.url }, await listOwnKeys(signingKeys, identity.platformId, faults.expiredKeys === true ? deps.now() - dayMs : null));
  const [drawing, metrics] = [createDrawing(), createMetrics(clock.now)];
  const services = createServices({ ...clock, identity, draw: deps.draw ?? drawing.draw, faults, keys, signingKeys, sealing, storage, address, profile, metrics });

  const http = createHttp({ log: deps.log, rateLimit: createRateLimit({ requests: deps.requestsPer10s ?? usualLimit, windowMs: 10_000, now: deps.now }), metrics, connections: deps.connections, requestTimeoutMs: deps.requestTimeoutMs, trustedProxies: deps.trustedProxies ?? [] });
  const isHealthy = async () => (await storage.db.selectFrom('account').select('account_id').limit(1).execute()).length >= 0;
  const routes = collectRoutes(http);
  serveOperations(http, { metrics, now: clock.now, isHealthy, faults, keys: signingKeys, ...services, auditLogs: services.auditCentre.logs });
  serveInterfaces(http, { ...services, faults, signatures: deps.signatures }, role);
  if (role === 'province') serveProvince(http, services.provinceOf(deps.province ?? ''));
  const serveMethods = (part: PartName, methods: PartMethods) => servePart(http, { part, methods, key: keys.storage, now: deps.now, random: deps.random });
  if (role === 'engine') serveMethods('engine', services.codeMethods);
  if (role === 'trust') serveMethods('trust', services.trustMethods);
  if (role === 'audit') serveMethods('audit', services.auditMethods);
  if (role === 'all') serveOpenApi(http, { url: () => address.url, openPeer: () => openDemoPeer({ ...services, url: address.own, now: clock.now, random: deps.random, profile }) });
  if (role === 'all' || role === 'portal') {
    servePresenting(http, { presenting: services.presenting, now: clock.now });
    await servePresenterPage(http, deps.presenterDir ?? findPresenterDir());
  }
  const enrols = role === 'all' || role === 'trust';
  await services.tidyUp(false);
  const regular = startRegularWork(services, { enrols, every: deps.every ?? everyByTimer, fetchesLists: role === 'all' || role === 'fusion', log: deps.log });
  const close = async () => {
    regular.stop();
    await http.close();
    await Promise.all([drawing.close(), deps.signatures?.close()]);
    await storage.close();
  };
  try {
    const own = await http.listen({ host: deps.host, port: deps.port });
    Object.assign(address, { own, url: deps.publicUrl ?? own });
  } catch (error) {
    await close();
    throw error;
  }
  // Not before: where the port is taken, another platform may be running on this folder, and the file is its own.
  if (enrols) await services.enrolment.publish();
  regular.fetchLists();
  deps.log.info({ url: address.own, role }, 'platform ready');

  return {
    url: address.own,
    get enrolmentCode() {
      return services.enrolment.code;
    },
    ...{ faults, now: clock.now, routes, profile, lists: services.lists, auditCentre: services.auditCentre },
    mint: (request) => mintOrThrow(services.presenting, request),
    close,
  };
}

/** What is done every ten minutes: old rows and codes are cleared away, another platform's lists are fetched anew. */
function startRegularWork({ forwarding, tidyUp }: ReturnType<typeof createServices>, { enrols, every, fetchesLists, log }: { readonly enrols: boolean; readonly every: Every; readonly fetchesLists: boolean; readonly log: FastifyBaseLogger }) {
  const fetchLists = () => {
    if (fetchesLists) void forwarding.refresh().catch(() => log.error('lists not fetched'));
  };
  const stop = every(regularMs, () => {
    void tidyUp(enrols).catch(() => log.error('purge failed'));
    fetchLists();
  });
  return { fetchLists, stop };
}

/** Repeats work; gives what ends it. */
type Every = (ms: number, run: () => void) => () => void;

const everyByTimer: Every = (ms, run) => {
  const timer = setInterval(run, ms);
  timer.unref();
  return () => clearInterval(timer);
};

const usualLimit = 5000;
const regularMs = 10 * 60 * 1000;
const dayMs = 24 * 3600 * 1000;

interface ServiceDeps extends Required<Pick<PlatformDeps, 'identity'>>, Pick<PlatformDeps, 'dataDir' | 'now' | 'random' | 'companies' | 'requestsPer10s' | 'abnormalRequests' | 'provinceUrls' | 'partUrls' | 'provinceDeadlineMs'> {
  readonly draw: DrawCertificate;
  readonly faults: Faults;
  readonly keys: ReturnType<typeof openKeyRing>;
  readonly storage: Awaited<ReturnType<typeof openStorage>>;
  /** Filled in once the server listens. */
  readonly address: { readonly url: string };
  readonly profile: () => Promise<PublicProfile>;
  readonly signingKeys: SigningKeys;
  readonly sealing: Sealing;
  readonly metrics: Metrics;
}

function createServices(deps: ServiceDeps) {
  const { identity, keys, now, random, sealing, signingKeys, storage } = deps;
  const { platformId: ownId } = identity;
  const register = createCompanyRegister(deps.companies ?? sampleCompanies);
  const tickets = createTickets({ now, random });
  const accounts = createAccounts({ storage, now, random });
  const nonces = createNonces({ storage, now });
  const accessLog = createAccessLog({ storage, sealing, random });
  const lists = createPublishedLists({ storage, now });
  const drawn = createCertificateFiles({ draw: deps.draw, storage, sealing, now });
  const files = distortFiles(deps.faults, drawn);
  const engine = createCodeEngine({ platformId: ownId, keys: signingKeys, storage, sealing, now, random });
  const { partUrls = {} } = deps;
  const ask = createPartChannel({ urls: partUrls, key: keys.storage, now, random });
  const codes = partUrls.engine === undefined ? createLocalCodeService({ engine, storage }) : createRemoteCodeService({ ask, storage });
  const ownCallLog = createCallLog({ storage, random, now });
  const callLog = partUrls.audit === undefined ? ownCallLog : createRemoteCallLog({ ask });
  const enrolment: Enrolment = createEnrolment({
    file: join(deps.dataDir, 'enrolment.json'),
    accounts,
    storage,
    sealing,
    printProfile: async ({ accountId, appId, exchange }, appSecret) => ({ ...(await deps.profile()), accountId, appId, appSecret, exchange }),
    now,
    random,
  });
  const monitor = createRequestMonitor({ storage, metrics: deps.metrics, limits: { ...usualLimits, ...deps.abnormalRequests }, now });
  const peerLimit = createRateLimit({ requests: deps.requestsPer10s ?? usualLimit, windowMs: 10_000, now });
  const peerKeys = createPeerKeys();
  const ownTrust = createTrustService({ accounts, nonces, peerKeys, monitor, peerLimit, tickets, storage, now });
  const trust = partUrls.trust === undefined ? ownTrust : createRemoteTrustService({ ask });
  const channel = createProvinces({ ...deps, register, files, nonces, trust, onAsked: deps.metrics.province });
  const information = createInformationService({ codes, register, tickets, accessLog, storage, sealing, source: identity.name, now });
  const routing = createCodeRouting({ ownId, envelope: keys.envelope, storage, signingKeys, information, callLog, now, random });
  const platformChannel = { ownId, envelope: keys.envelope, find: routing.find, nonces, now, random };
  return {
    exchange: { envelopeKey: keys.envelope, callLog, faults: deps.faults, peerKeys, trust, metrics: deps.metrics, now, random },
    trustMethods: printTrustMethods(ownTrust),
    auditMethods: printCallLogMethods(ownCallLog),
    ...{ enrolment, accounts, storage, codes, register, lists, tickets, information, routing },
    keyList: () => printKeyList(deps),
    codeMethods: printCodeMethods({ engine, storage }),
    persons: createPersonRegister(register.all),
    auditCentre: createAuditCentre({ storage, sealing, signingKeys, now, random }),
    platformChannel,
    forwarding: createListForwarding({ ...platformChannel, lists, storage }),
    provinceOf: channel.provinceOf,
    sharing: createSharingService({ lists, register, tickets, trust, fusion: channel.fusion, storage, now, printFileUrl: (id) => `${deps.address.url}/files/${id}` }),
    presenting: createPresentingService({ codes, register, accessLog, sessions: createSessions({ storage, now, random }), now, expect: (certificates) => void drawAhead(drawn, certificates) }),
    tidyUp: async (enrols: boolean): Promise<void> => {
      await purgeAll(storage, [tickets, accounts, information, nonces, monitor, ownCallLog]);
      // The code of yesterday makes room for today's.
      if (enrols) await enrolment.publish();
    },
  };
}

function purgeAll(storage: Storage, kept: readonly { purge(work: Work): Promise<void> }[]): Promise<void> {
  return storage.write(async (work) => {
    for (const one of kept) await one.purge(work);
  });
}

function printPublicProfile(keys: ReturnType<typeof openKeyRing>, { url, ...identity }: typeof reference & { readonly url: string }, own: OwnKeys): PublicProfile {
  return {
    ...identity,
    baseUrl: url,
    fileHosts: [new URL(url).host],
    envelopePublicKey: encodeHexUpper(keys.envelope.publicKey),
    ...own,
    signerId: '1234567812345678',
  };
}

/** Our own keys; `endedAt` makes all of them end then, for training. */
async function listOwnKeys(signingKeys: SigningKeys, ownId: string, endedAt: number | null): Promise<OwnKeys> {
  const platform = (await signingKeys.list()).find((each) => each.platformId === ownId);
  if (platform === undefined) throw new Error('this platform is not registered');
  const { keySequence, signingKeys: own } = platform;
  if (endedAt === null) return { keySequence, signingKeys: [...own] };
  const ended = own.map((key) => ({ ...key, notBefore: new Date(Math.min(Date.parse(key.notBefore), endedAt - dayMs)).toISOString(), notAfter: new Date(endedAt).toISOString() }));
  return { keySequence, signingKeys: ended };
}

/** Our own keys and those of the platforms that we ask, signed by the key that counters were given. */
async function printKeyList({ identity: { platformId: ownId }, keys, profile, random, signingKeys }: ServiceDeps): Promise<SignedKeyList> {
  const { keySequence: sequence = 1, signingKeys: own } = await profile();
  const list = { platformId: ownId, sequence, signingKeys: own, others: await listRouted(signingKeys, ownId) };
  return signKeyList(list, (message) => signSm2({ privateKey: keys.envelope.privateKey, message, id: sm2DefaultId, random }));
}

/** The platforms whose codes we ask about, with their keys: what our counters may take for codes. */
async function listRouted(signingKeys: SigningKeys, ownId: string): Promise<NonNullable<SigningKeyList['others']>> {
  const routed = (await signingKeys.list()).filter((each) => each.platformId !== ownId && each.route !== null);
  return routed.map(({ name, platformId: id, signingKeys: theirs }) => ({ platformId: id, name, signingKeys: [...theirs] }));
}

/** What is routed from now on. */
function collectRoutes(http: FastifyInstance): readonly string[] {
  const routes: string[] = [];
  http.addHook('onRoute', ({ method, url }) => {
    const methods = [method].flat().filter((each) => each !== 'HEAD');
    if (!/^\/($|\*|index\.html|icon|assets\/)/.test(url)) routes.push(...methods.map((each) => `${each.toLowerCase()} ${url}`));
  });
  return routes;
}

async function mintOrThrow(presenting: PresentingService, request: MintRequest): Promise<MintedCode> {
  const outcome = await presenting.mint({ companyId: request.companyId, role: 'legal' }, request);
  if (!outcome.ok) throw new Error(`cannot mint: ${outcome.code}`);
  return outcome.minted;
}

/** Beside the sources the build is in `dist/`, beside the built platform it is next door. */
function findPresenterDir(): string | null {
  const places = ['../dist/presenter', '../presenter'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null;
}

async function servePresenterPage(http: FastifyInstance, root: string | null): Promise<void> {
  if (root !== null) await http.register(fastifyStatic, { root, wildcard: false });
}
