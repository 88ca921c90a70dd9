import { consentDigest } from '../../domain/consent-record.ts';
import { CodeRecordsSchema, EnterpriseReplySchema, enterprisePaths, OfflineReplySchema } from '../../domain/contracts/enterprise.ts';
import {
  AppRegisterReplySchema, CatalogueReplySchema, CodeVerifyReplySchema, FileReplySchema, FileVerifyReplySchema, InfoReplySchema, PersonTokenReplySchema,
  ScenariosReplySchema, SearchReplySchema, sharingPaths,
} from '../../domain/contracts/sharing.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { decodeHex, encodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { encryptSm2 } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { parseServiceCode } from '../../domain/service-code.ts';
import { expectPayload, mismatch, type World } from './world.ts';

/** One thing that a platform must do: the clause, in words, and how it is found out; a mismatch is thrown. */
export interface Check {
  readonly clause: string;
  readonly what: string;
  run(world: World): Promise<void>;
}

/** Every interface, asked as it is meant to be asked. */
export const serviceChecks: readonly Check[] = [
  {
    clause: '12.1.2',
    what: 'the head of an answer is of the mode: bound and signed, or as printed',
    run: async ({ peer }) => {
      const { signature, status } = await peer.call(sharingPaths.catalogue, {});
      if (status !== '0') mismatch(`status ${status}`);
      if (signature !== (peer.mode === 'extended' ? 'valid' : 'absent')) mismatch(`signature ${signature}`);
    },
  },
  { clause: '12.1.3', what: 'catalogue', run: async ({ peer }) => expectSome(expectPayload(CatalogueReplySchema, await peer.call(sharingPaths.catalogue, {}))) },
  {
    clause: '12.1.4',
    what: 'scenario lists of the application, each with a type of the catalogue (6.3 b)',
    run: async ({ peer }) => {
      const lists = expectPayload(ScenariosReplySchema, await peer.call(sharingPaths.scenarios, { appId: peer.profile.appId }));
      expectSome(lists);
      if (lists.dataList.some(({ dataList }) => dataList.length === 0)) mismatch('a list without a type');
    },
  },
  { clause: '6.3.2 g–j', what: 'enterprise query: what was granted, and the consent of the code', run: checkQuery },
  { clause: '6.3.2', what: 'the same request is answered alike; a one-time code serves no other', run: checkOneTime },
  {
    clause: '12.2.2',
    what: 'code verification: holder, token, certificates',
    run: async (world) => {
      const answer = await world.peer.call(sharingPaths.codeVerify, { qrCode: await world.mint(), ...world.purpose });
      const { certificateList = [], userInfo } = expectPayload(CodeVerifyReplySchema, answer);
      if (userInfo.idCard !== world.company.uscc) mismatch('another holder');
      if (certificateList.length !== world.company.certificates.length) mismatch(`${certificateList.length} certificates`);
    },
  },
  { clause: '12.1.5', what: 'search by holder token, whole and narrowed', run: checkSearch },
  { clause: '12.1.6', what: 'file by certificate id: format, digest, address that works once', run: checkFileById },
  { clause: '12.1.7', what: 'files by holder', run: async (world) => checkFiles(world, sharingPaths.fileByHolder, await tokenOf(world)) },
  {
    clause: '12.1.8',
    what: 'information by certificate id, with its face',
    run: async (world) => checkInformation(world, sharingPaths.infoById, { certificateID: await firstId(world) }),
  },
  { clause: '12.1.9', what: 'information by holder', run: async (world) => checkInformation(world, sharingPaths.infoByHolder, await tokenOf(world)) },
  { clause: '12.1.10', what: 'file verification: 1 for a file issued, 0 for one changed byte', run: checkFileVerification },
  {
    clause: '12.2.1',
    what: 'registration: code 1',
    run: async ({ peer }) => {
      const { appId, appSecret } = peer.profile;
      const { code } = expectPayload(AppRegisterReplySchema, await peer.call(sharingPaths.appRegister, { appId, appSecret, ...peer.owner }, { appToken: null }));
      if (code !== 1) mismatch(`code ${code}`);
    },
  },
  {
    clause: '12.2.3',
    what: 'person token by code: a token that searches',
    run: async (world) => {
      const asked = { transactionId: encodeHex(world.random(8)), authType: '3', qrCode: await world.mint() };
      const { code, data } = expectPayload(PersonTokenReplySchema, await world.peer.call(sharingPaths.personToken, asked));
      if (code !== 1 || data === undefined) mismatch(`code ${code}`);
      else expectSome(expectPayload(SearchReplySchema, await world.peer.call(sharingPaths.search, { trustedToken: data.token, ...world.purpose })));
    },
  },
  { clause: '6.3.1 b', what: 'query of records: the peer’s own verifications of a code, newest first, and how it was made; nothing of codes it never asked about', run: checkRecords },
  { clause: 'offline', what: 'verdicts reached without the platform: judged as of the scan, answered alike', run: checkOffline },
];

async function checkQuery(world: World): Promise<void> {
  const code = await world.mint();
  const reply = expectPayload(EnterpriseReplySchema, await world.query(code));
  const parsed = parseServiceCode({ text: code });
  if (reply.verdict !== 'valid' || reply.authRecord === undefined || !parsed.ok) return mismatch(`verdict ${reply.verdict}`);
  if (!equalBytes(consentDigest(reply.authRecord), parsed.code.consentDigest)) mismatch('the consent record is not the one of the code');
  if (reply.subject?.uscc !== world.company.uscc) mismatch('another subject');
  const [group] = world.company.information;
  const narrow = expectPayload(EnterpriseReplySchema, await world.query(await world.mint({ certificateTypes: [], informationGroups: [group?.oid ?? ''] })));
  if (Object.keys(narrow.data ?? {}).join() !== group?.oid || (narrow.certList ?? []).length > 0) mismatch('more than was granted');
}

async function checkOneTime(world: World): Promise<void> {
  const code = await world.mint({ oneTime: true });
  const requestId = encodeHex(world.random(16));
  const ask = async (changes: object) => expectPayload(EnterpriseReplySchema, await world.query(code, changes));
  const answers = [await ask({ requestId }), await ask({ requestId }), await ask({})];
  if (answers.map(({ verdict }) => verdict).join() !== 'valid,valid,used') mismatch(answers.map(({ verdict }) => verdict).join());
  if (JSON.stringify(answers[0]) !== JSON.stringify(answers[1])) mismatch('the same request got another answer');
}

async function checkSearch(world: World): Promise<void> {
  const { trustedToken } = await world.grant();
  const search = async (changes: object) => expectPayload(SearchReplySchema, await world.peer.call(sharingPaths.search, { trustedToken, ...world.purpose, ...changes }));
  const all = await search({});
  expectSome(all);
  const [hit] = all.dataList;
  const one = await search({ certificateType: hit?.certificateType, certificateNumber: hit?.certificateNumber });
  if (one.dataList.map(({ certificateNumber }) => certificateNumber).join() !== hit?.certificateNumber) mismatch('not narrowed to one');
  if ((await search({ certificateNumber: 'no such number' })).total !== 0) mismatch('found what is not there');
}

async function firstId(world: World): Promise<string> {
  return (await world.grant()).certList?.[0]?.certificateID ?? mismatch('no certificate id');
}

async function tokenOf(world: World): Promise<{ trustedToken: string }> {
  return { trustedToken: (await world.grant()).trustedToken };
}

async function checkFileById(world: World): Promise<void> {
  await checkFiles(world, sharingPaths.fileById, { certificateID: await firstId(world) });
}

async function checkFiles(world: World, path: string, words: object): Promise<void> {
  const reply = expectPayload(FileReplySchema, await world.peer.call(path, { ...words, ...world.purpose }));
  expectSome(reply);
  const [file] = reply.dataList;
  const address = file?.fileUrl ?? '';
  if (!world.peer.profile.fileHosts.includes(new URL(address).host)) mismatch('a host that the profile does not name');
  const first = await fetch(address);
  const bytes = new Uint8Array(await first.arrayBuffer());
  const isMagic = file?.fileFormat === 'PDF' ? encodeHex(bytes.subarray(0, 5)) === '255044462d' : encodeHex(bytes.subarray(0, 2)) === '504b';
  if (!first.ok || !isMagic) mismatch(`download ${first.status}, no ${file?.fileFormat}`);
  if (file?.fileSm3 !== undefined && file.fileSm3.toLowerCase() !== encodeHex(sm3(bytes))) mismatch('another digest than announced');
  if ((await fetch(address)).ok) mismatch('the address worked twice');
}

async function checkInformation(world: World, path: string, words: object): Promise<void> {
  const reply = expectPayload(InfoReplySchema, await world.peer.call(path, { ...words, ...world.purpose }));
  expectSome(reply);
  if (reply.dataList.some((entry) => entry.certificateHolderCode !== world.company.uscc)) mismatch('another holder');
  if (reply.dataList.some(({ surface }) => Object.keys(surface).length === 0)) mismatch('no face data');
}

async function checkFileVerification(world: World): Promise<void> {
  const certificateID = await firstId(world);
  const { dataList } = expectPayload(FileReplySchema, await world.peer.call(sharingPaths.fileById, { certificateID, ...world.purpose }));
  const bytes = new Uint8Array(await (await fetch(dataList[0]?.fileUrl ?? '')).arrayBuffer());
  const verify = async (content: Uint8Array) => {
    const asked = { fileEntity: encodeBase64(content), fileFormat: dataList[0]?.fileFormat, ...world.purpose };
    return expectPayload(FileVerifyReplySchema, await world.peer.call(sharingPaths.fileVerify, asked)).result;
  };
  const middle = bytes.length >> 1;
  const results = [await verify(bytes), await verify(bytes.with(middle, (bytes[middle] ?? 0) ^ 1))];
  if (results.join() !== '1,0') mismatch(results.join());
}

async function checkRecords(world: World): Promise<void> {
  const { peer } = world;
  const code = await world.mint({ oneTime: true });
  const list = async (asked: string) => expectPayload(CodeRecordsSchema, await peer.call(enterprisePaths.records, { code: asked }, { sign: peer.signer(), appToken: peer.appToken }));
  const before = await list(code);
  if (before.minted !== undefined || before.verifications.length > 0) mismatch('records of a code that was not asked about');
  for (const requestId of ['first', 'second']) await world.query(code, { requestId: `${requestId}-${encodeHex(world.random(8))}` });
  const { minted, verifications } = await list(code);
  if (minted?.oneTime !== true) mismatch('how it was made is not said');
  if (verifications.map(({ verdict }) => verdict).toSorted().join() !== 'used,valid') mismatch(verifications.map(({ verdict }) => verdict).join());
}

async function checkOffline(world: World): Promise<void> {
  const { peer } = world;
  const publicKey = decodeHex(peer.profile.envelopePublicKey) ?? new Uint8Array();
  const seal = (code: string) => encodeHexUpper(encryptSm2({ publicKey, plaintext: encodeUtf8(code), layout: 'C1C3C2', random: world.random }));
  const recordOf = (code: string) => ({
    recordId: encodeHex(world.random(8)),
    codeSealed: seal(code),
    scannedAt: new Date(world.now()).toISOString(),
    ...{ clockOffset: 0, deviceId: 'conformance', operatorId: '1', prevHash: '0', hash: encodeHex(world.random(32)), provisional: 'provisional' },
  });
  const code = await world.mint({ oneTime: true });
  const records = [recordOf(code), recordOf(code), recordOf('nothing')];
  const submit = async () => {
    const answer = await peer.call(enterprisePaths.submitOffline, { records }, { sign: peer.signer(), appToken: peer.appToken });
    return expectPayload(OfflineReplySchema, answer).records.map(({ verdict }) => verdict).join();
  };
  const said = [await submit(), await submit()];
  if (said.some((verdicts) => verdicts !== 'confirmed,usedElsewhere,unknownCode')) mismatch(said.join(' then '));
}

function expectSome({ total, dataList }: { readonly total: number; readonly dataList: readonly unknown[] }): void {
  if (dataList.length === 0) mismatch('nothing in the list');
  if (total !== dataList.length) mismatch(`total ${total} of ${dataList.length}`);
}
