import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import { CheckpointSubmitSchema, evidencePaths } from '../domain/contracts/evidence.ts';
import { CodeRecordsQuerySchema, EnterpriseQuerySchema, enrolPath, enterprisePaths, OfflineSubmitSchema, type SignedKeyList } from '../domain/contracts/enterprise.ts';
import {
  AppRegisterRequestSchema,
  ByHolderRequestSchema,
  ByIdRequestSchema,
  CodeVerifyRequestSchema,
  FileVerifyRequestSchema,
  PersonTokenRequestSchema,
  ScenariosRequestSchema,
  SearchRequestSchema,
  sharingPaths,
} from '../domain/contracts/sharing.ts';
import type { CodeService } from './engine/code-service.ts';
import type { AuditCentre } from './audit/audit-centre.ts';
import type { Enrolment } from './enrolment/enrolment.ts';
import { type ExchangeDeps, type ExchangeInterface, serveInterface } from './exchange/exchange.ts';
import { distortDownload, type Faults } from './faults.ts';
import type { CompanyRegister } from './information/company-register.ts';
import { submitOffline } from './information/offline-submission.ts';
import { answer } from './outcome.ts';
import type { CodeRouting } from './routing/code-routing.ts';
import type { ServingDeps } from './routing/platform-channel.ts';
import { serveRoutedQueries } from './routing/routed-query.ts';
import { type FileSignatures, verifyFile } from './sharing/file-verification.ts';
import { type ListForwarding, serveLists } from './sharing/list-forwarding.ts';
import type { PublishedLists } from './sharing/published-lists.ts';
import type { SharingService } from './sharing/sharing-service.ts';
import type { Tickets } from './sharing/tickets.ts';
import type { Storage } from './storage/database.ts';
import type { Accounts } from './trust/accounts.ts';
import { registerApp } from './trust/app-registration.ts';
import { verifyServiceCode } from './trust/code-verification.ts';
import type { PersonRegister } from './trust/person-register.ts';
import { issuePersonToken } from './trust/person-token.ts';

/** The services behind the machine interfaces. */
export interface RouteDeps {
  readonly exchange: ExchangeDeps;
  readonly enrolment: Enrolment;
  readonly accounts: Accounts;
  readonly storage: Storage;
  readonly codes: CodeService;
  /** The signing keys of this platform as counters fetch them. */
  readonly keyList: () => Promise<SignedKeyList>;
  readonly register: CompanyRegister;
  readonly tickets: Tickets;
  readonly routing: CodeRouting;
  /** Where other platforms are answered: about our codes, and with our lists. */
  readonly platformChannel: ServingDeps;
  readonly forwarding: ListForwarding;
  readonly sharing: SharingService;
  readonly lists: PublishedLists;
  readonly persons: PersonRegister;
  readonly auditCentre: AuditCentre;
  readonly faults: Faults;
  /** Without it files are verified by SM3 alone. */
  readonly signatures?: FileSignatures | undefined;
}

/** What one process does: everything, or one part of the structure of Annex A. */
export type PlatformRole = 'all' | 'fusion' | 'province' | 'trust' | 'engine' | 'info' | 'audit' | 'portal';

/** Serves the machine interfaces of a role: information, sharing with its downloads, trust with enrolment. */
export function serveInterfaces(http: FastifyInstance, deps: RouteDeps, role: PlatformRole): void {
  const has = (own: PlatformRole) => role === 'all' || role === own;
  const serve: Serve = (path, schema, handle, options = {}) =>
    serveInterface(http, deps.exchange, { path, schema, handle, recordsCalls: true, checksAppToken: true, isOwnExtension: false, ...options });
  if (has('info')) serveInformation(serve, deps);
  if (has('info')) serveRoutedQueries(http, deps.platformChannel, (from, asked) => deps.routing.answerRouted(from, asked));
  if (has('audit')) serve(evidencePaths.checkpoint, CheckpointSubmitSchema, (caller, request) => deps.auditCentre.submit(caller, request), { isOwnExtension: true });
  if (has('fusion')) serveSharing(serve, deps);
  if (has('fusion')) serveFiles(http, deps);
  if (has('fusion')) serveLists(http, deps.platformChannel, deps.forwarding);
  if (has('trust')) serveTrust(serve, deps);
  if (has('trust')) serveEnrolment(http, deps.enrolment);
}

type Serve = <Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  handle: ExchangeInterface<Schema>['handle'],
  options?: Partial<Pick<ExchangeInterface<Schema>, 'recordsCalls' | 'checksAppToken' | 'isOwnExtension'>>,
) => void;

function serveInformation(serve: Serve, deps: RouteDeps): void {
  serve(enterprisePaths.query, EnterpriseQuerySchema, (caller, query) => deps.routing.query(caller, query), {
    recordsCalls: false,
    isOwnExtension: true,
  });
  const offline = { ...deps, codeKey: deps.exchange.envelopeKey.privateKey, now: deps.exchange.now };
  serve(enterprisePaths.submitOffline, OfflineSubmitSchema, (caller, { records }) => submitOffline(offline, caller, records), { isOwnExtension: true });
  serve(enterprisePaths.records, CodeRecordsQuerySchema, async (caller, { code }) => answer(await deps.codes.records(caller.accountId, code)), { isOwnExtension: true });
  serve(enterprisePaths.signingKeys, v.object({}), async () => answer(await deps.keyList()), { isOwnExtension: true });
}

function serveSharing(serve: Serve, deps: RouteDeps): void {
  const { sharing } = deps;
  serve(sharingPaths.catalogue, v.object({}), () => sharing.catalogue());
  serve(sharingPaths.scenarios, ScenariosRequestSchema, (caller, request) => sharing.scenarios(caller, request));
  serve(sharingPaths.search, SearchRequestSchema, (caller, request) => sharing.search(caller, request));
  serve(sharingPaths.fileById, ByIdRequestSchema, (caller, request) => sharing.fileById(caller, request));
  serve(sharingPaths.infoById, ByIdRequestSchema, (caller, request) => sharing.infoById(caller, request));
  serve(sharingPaths.fileByHolder, ByHolderRequestSchema, (caller, request) => sharing.filesByHolder(caller, request));
  serve(sharingPaths.infoByHolder, ByHolderRequestSchema, (caller, request) => sharing.infoByHolder(caller, request));
  serve(sharingPaths.fileVerify, FileVerifyRequestSchema, (_caller, request) => verifyFile(deps, request));
}

function serveTrust(serve: Serve, deps: RouteDeps): void {
  serve(sharingPaths.appRegister, AppRegisterRequestSchema, (caller, request) => registerApp(deps, caller, request), {
    checksAppToken: false,
  });
  serve(sharingPaths.codeVerify, CodeVerifyRequestSchema, (caller, request) => verifyServiceCode(deps, caller, request));
  const identity = { ...deps, identityKey: deps.exchange.envelopeKey.privateKey, now: deps.exchange.now };
  serve(sharingPaths.personToken, PersonTokenRequestSchema, (caller, request) => issuePersonToken(identity, caller, request));
}

function serveEnrolment(http: FastifyInstance, enrolment: Enrolment): void {
  http.post(enrolPath, { bodyLimit: 16 * 1024 }, async (request, reply) => {
    const outcome = await enrolment.enrol(request.body);
    if (outcome.ok) return reply.send(outcome.profile);
    const message = outcome.reason === 'malformed' ? '登记信息不完整或公钥无效' : '登记码不正确或已使用';
    return reply.code(outcome.reason === 'malformed' ? 400 : 403).send({ error: { code: outcome.reason, message } });
  });
}

const mediaTypes = { PDF: 'application/pdf', OFD: 'application/ofd' } as const;

/** The id is the whole permission: one use, one minute, and no word on why it does not work. */
function serveFiles(http: FastifyInstance, deps: RouteDeps): void {
  http.get<{ Params: { id: string } }>('/files/:id', async (request, reply): Promise<FastifyReply> => {
    if (deps.faults.httpStatus !== undefined) return reply.code(deps.faults.httpStatus).send({});
    const file = await deps.sharing.download(request.params.id);
    if (file === null) return reply.code(404).send({ error: { code: 'not-found', message: '下载地址无效或已过期' } });
    if (deps.faults.latencyMs !== undefined) await wait(deps.faults.latencyMs);
    if (deps.faults.dropAfterCommit === true) {
      reply.hijack();
      reply.raw.destroy();
      return reply;
    }
    reply.header('content-disposition', 'attachment').type(mediaTypes[file.format]);
    return reply.send(Buffer.from(distortDownload(deps.faults, file.content)));
  });
}
