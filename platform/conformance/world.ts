import * as v from 'valibot';
import { type EnterpriseReply, EnterpriseReplySchema, enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { type Purpose, type Scenario, ScenariosReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { MintReply, MintRequest, PresenterCompany, SessionReply } from '../presenting/contract.ts';
import { presenterPaths } from '../presenting/contract.ts';
import type { Answer, CallChanges, Peer, PeerDeps } from './peer.ts';

/** A check found something else than the standard or this project's reading of it asks for; the message says what. */
export class Mismatch extends Error {}

/** Ends a check that found something wrong. */
export function mismatch(what: string): never {
  throw new Mismatch(what);
}

/** The answer as `schema` reads it; anything but status "0" and that shape is a mismatch. */
export function expectPayload<Schema extends v.GenericSchema>(schema: Schema, answer: Answer): v.InferOutput<Schema> {
  if (answer.status !== '0') mismatch(`status ${answer.status} ${answer.message}`);
  const read = v.safeParse(schema, answer.payload);
  return read.success ? read.output : mismatch(`payload: ${v.getDotPath(read.issues[0]) ?? 'shape'}`);
}

/** A refusal without data; gives its status and text. */
export function expectRefusal(answer: Answer): string {
  if (answer.status === '0') mismatch('was answered');
  if (answer.payload !== undefined) mismatch('refused, but with data');
  if (answer.message === '') mismatch('refused without a text');
  return `${answer.status} ${answer.message}`;
}

/** Everything that the checks of one mode work with. */
export interface World extends PeerDeps {
  readonly peer: Peer;
  /** Another application, which nothing of the first may serve. */
  readonly other: Peer;
  readonly company: PresenterCompany;
  readonly purpose: Purpose;
  readonly scenarios: readonly Scenario[];
  mint(changes?: Partial<MintRequest>): Promise<string>;
  query(code: string, changes?: object, call?: CallChanges): Promise<Answer>;
  /** A code made and verified: what it opens. */
  grant(changes?: Partial<MintRequest>): Promise<EnterpriseReply & { readonly trustedToken: string }>;
}

/** Chooses a company that holds several certificates and the widest matter, both as the platform itself lists them. */
export async function createWorld(deps: PeerDeps, peer: Peer, other: Peer): Promise<World> {
  const reply = await fetch(`${deps.url}${presenterPaths.companies}`);
  const { companies } = (await reply.json()) as { companies: PresenterCompany[] };
  const company = companies.toSorted((a, b) => b.certificates.length - a.certificates.length)[0] ?? mismatch('no company presents codes');
  const asked = await peer.call(sharingPaths.scenarios, { appId: peer.profile.appId });
  const scenarios = expectPayload(ScenariosReplySchema, asked).dataList;
  const widest = scenarios.toSorted((a, b) => b.dataList.length - a.dataList.length)[0] ?? mismatch('no scenario list is linked');
  const { itemName, itemCode } = widest;
  const purpose = { useFor: '互联互通检测', itemName, itemCode, itemOrg: peer.owner.corpName, operator: '检测员', bizNum: `JC-${encodeHex(deps.random(4))}` };
  const query: World['query'] = (code, changes = {}, call = {}) => peer.call(enterprisePaths.query, { ...printQuery(deps, peer, purpose, code), ...changes }, { sign: peer.signer(), appToken: peer.appToken, ...call });
  const mint: World['mint'] = (changes = {}) => mintCode(deps.url, company, changes);
  return {
    ...deps,
    ...{ peer, other, company, purpose, scenarios, mint, query },
    grant: async (changes = {}) => {
      const { trustedToken, ...granted } = expectPayload(EnterpriseReplySchema, await query(await mint(changes)));
      return granted.verdict === 'valid' && trustedToken !== undefined ? { ...granted, trustedToken } : mismatch(`verdict ${granted.verdict}`);
    },
  };
}

function printQuery(deps: PeerDeps, peer: Peer, purpose: Purpose, code: string): object {
  const { corpName, corpCode } = peer.owner;
  return {
    code,
    operatorCredential: { operatorId: '1', name: purpose.operator, orgCode: corpCode, orgName: corpName },
    ...purpose,
    requestId: encodeHex(deps.random(16)),
    scannedAt: new Date(deps.now()).toISOString(),
    deviceId: 'conformance',
  };
}

async function mintCode(url: string, company: PresenterCompany, changes: Partial<MintRequest>): Promise<string> {
  const request: MintRequest = {
    companyId: company.id,
    certificateTypes: company.certificates.map(({ typeCode }) => typeCode),
    informationGroups: company.information.map(({ oid }) => oid),
    permissions: { retain: false, download: true, transfer: false },
    oneTime: false,
    ...changes,
  };
  const post = (path: string, body: object, headers = {}) => fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const session = (await (await post(presenterPaths.sessions, { companyId: company.id, role: 'legal' })).json()) as SessionReply;
  const response = await post(presenterPaths.codes, request, { authorization: `Bearer ${session.token}` });
  return ((await response.json()) as MintReply).code;
}
