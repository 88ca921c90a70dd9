import { enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { AppRegisterReplySchema, FileReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { generateSm2KeyPair } from '../../domain/crypto/sm2.ts';
import type { Answer, CallChanges } from './peer.ts';
import type { Check } from './service-checks.ts';
import { expectPayload, expectRefusal, mismatch, type World } from './world.ts';

/** Every refusal that the standards ask for: without data, in words, and those of 7.3 each in its own. */
export const refusalChecks: readonly Check[] = [
  { clause: '7.3 a–e', what: 'scenario, relation, catalogue time, holder, application, holder token: each its own status and text', run: checkOwnWords },
  { clause: '9 c', what: 'the lists of another application', run: async ({ other, peer }) => void expectRefusal(await peer.call(sharingPaths.scenarios, { appId: other.profile.appId })) },
  { clause: '12.1, 12.2', what: 'every mandatory field of the purpose, left out or empty', run: checkMandatory },
  { clause: '12.1.6, 12.1.8', what: 'a certificate id that was given to another', run: checkForeignIds },
  {
    clause: '12.1.5',
    what: 'a holder token that was given to another',
    run: async (world) => {
      const { trustedToken } = await world.grant();
      expectRefusal(await world.other.call(sharingPaths.search, { trustedToken, ...world.purpose }));
    },
  },
  { clause: '12.1.5', what: 'a type that the holder did not grant', run: checkNotGranted },
  {
    clause: '12.2.1',
    what: 'a wrong secret: code 0 and no token',
    run: async ({ peer }) => {
      const asked = { appId: peer.profile.appId, appSecret: 'wrong', ...peer.owner };
      const { code, data } = expectPayload(AppRegisterReplySchema, await peer.call(sharingPaths.appRegister, asked, { appToken: null }));
      if (code !== 0 || data !== undefined) mismatch(`code ${code}`);
    },
  },
  { clause: '12.2.3', what: 'the conditional-required matrix', run: checkPersonMatrix },
  { clause: '10.2 b', what: 'every interface without an application token (extended), and with one that is none', run: checkEveryToken },
  { clause: '7.3.2 e', what: 'enterprise query without credential, without code, for another organisation', run: checkCredential },
  {
    clause: '12.1.2',
    what: 'an account that is none, a foreign key, no envelope',
    run: async (world) => {
      const { peer } = world;
      expectRefusal(await peer.call(sharingPaths.catalogue, {}, { accountId: 'nobody' }));
      expectRefusal(await peer.call(sharingPaths.catalogue, {}, { theirPublicKey: generateSm2KeyPair(world.random).publicKey }));
      expectRefusal(await peer.send(sharingPaths.catalogue, { head: { accountId: peer.profile.accountId }, encryptData: 'not hexadecimal' }));
    },
  },
  { clause: 'head', what: 'unsigned (own interfaces, extended peers), forged, late, repeated and misdirected requests', run: checkHead },
];

async function checkOwnWords(world: World): Promise<void> {
  const { peer, purpose } = world;
  const { trustedToken } = await world.grant();
  const search = (changes: object, call: CallChanges = {}) => peer.call(sharingPaths.search, { trustedToken, ...purpose, ...changes }, call);
  const code = await world.mint();
  const forged = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
  const asked: Record<string, Promise<Answer>> = {
    'a scenario': search({ itemCode: '999999999999', itemName: '没有的事项' }),
    'a relation': search(findUnrelated(world)),
    'b catalogue': search({ certificateType: '组织机构代码证' }),
    'c holder': peer.call(sharingPaths.codeVerify, { qrCode: forged, ...purpose }),
    'd application': search({}, { appToken: 'f'.repeat(64) }),
    'e holder token': search({ trustedToken: 'f'.repeat(64) }),
  };
  const said = new Map<string, string>();
  for (const [name, answer] of Object.entries(asked)) {
    const refusal = expectRefusal(await answer);
    const same = said.get(refusal);
    if (same !== undefined) mismatch(`${name} is refused like ${same}: ${refusal}`);
    said.set(refusal, name);
  }
}

/** A matter, and a type that its list does not name. */
function findUnrelated({ scenarios, company, purpose }: World): object {
  for (const { itemCode, itemName, dataList } of scenarios) {
    const type = company.certificates.map((certificate) => certificate.type).find((held) => !dataList.some(({ certificateType }) => certificateType === held));
    if (type !== undefined) return { itemCode, itemName, certificateType: type };
  }
  return mismatch(`every list has every type of ${purpose.itemOrg}`);
}

async function checkMandatory(world: World): Promise<void> {
  const { peer, purpose } = world;
  const granted = await world.grant();
  const certificateID = granted.certList?.[0]?.certificateID ?? '';
  const { trustedToken } = granted;
  const calls: readonly (readonly [string, object])[] = [
    [sharingPaths.search, { trustedToken }],
    [sharingPaths.fileById, { certificateID }],
    [sharingPaths.fileByHolder, { trustedToken }],
    [sharingPaths.infoById, { certificateID }],
    [sharingPaths.infoByHolder, { trustedToken }],
    [sharingPaths.fileVerify, { fileEntity: 'AAAA', fileFormat: 'PDF' }],
    [sharingPaths.codeVerify, { qrCode: 'any' }],
  ];
  for (const [row, [path, words]] of calls.entries())
    for (const [column, field] of Object.keys(purpose).entries()) {
      // Empty here and left out there, so that each field of each interface is asked once.
      const { status } = await peer.call(path, { ...words, ...purpose, [field]: (row + column) % 2 === 0 ? '' : undefined });
      if (status === '0') mismatch(`${path} without ${field}`);
    }
}

/** The words may be anything: nothing of them is looked at before the token is. Asked by the other peer, so that neither is cut off for it. */
async function checkEveryToken({ other }: World): Promise<void> {
  const paths = [...Object.values(sharingPaths).filter((path) => path !== sharingPaths.appRegister), ...Object.values(enterprisePaths)];
  const said = new Set<string>();
  for (const [n, path] of paths.entries()) {
    const own = path.startsWith('/eis/') ? { sign: other.signer() } : {};
    const isLeftOut = other.mode === 'extended' && n % 2 === 0;
    said.add(expectRefusal(await other.call(path, {}, { ...own, appToken: isLeftOut ? null : 'f'.repeat(64) })).split(' ')[0] ?? '');
  }
  if (said.size > 1) mismatch(`refused as ${[...said].join(' and ')}`);
}

async function checkForeignIds(world: World): Promise<void> {
  const certificateID = (await world.grant()).certList?.[0]?.certificateID ?? '';
  for (const path of [sharingPaths.fileById, sharingPaths.infoById]) {
    expectRefusal(await world.other.call(path, { certificateID, ...world.purpose }));
    expectRefusal(await world.peer.call(path, { certificateID: encodeHex(world.random(32)), ...world.purpose }));
  }
  expectPayload(FileReplySchema, await world.peer.call(sharingPaths.fileById, { certificateID, ...world.purpose }));
}

async function checkNotGranted(world: World): Promise<void> {
  const [first, second] = world.company.certificates;
  const { trustedToken } = await world.grant({ certificateTypes: [first?.typeCode ?? ''] });
  for (const path of [sharingPaths.search, sharingPaths.fileByHolder, sharingPaths.infoByHolder])
    expectRefusal(await world.peer.call(path, { trustedToken, ...world.purpose, certificateType: second?.type }));
}

async function checkPersonMatrix({ peer, random }: World): Promise<void> {
  const idNo = '310199199001010014';
  const missing = [
    { authType: '1', idType: 1 }, { authType: '1', idNo }, { authType: '2', idType: 1 }, { authType: '2', idNo }, { authType: '3' }, { authType: '9', idType: 1, idNo }, {},
  ];
  for (const words of missing) {
    const { status } = await peer.call(sharingPaths.personToken, { transactionId: encodeHex(random(8)), ...words });
    if (status === '0') mismatch(JSON.stringify(words));
  }
}

async function checkCredential(world: World): Promise<void> {
  const code = await world.mint();
  expectRefusal(await world.query(code, { operatorCredential: undefined }));
  expectRefusal(await world.query(code, { code: undefined }));
  expectRefusal(await world.query(code, { operatorCredential: { operatorId: '1', name: '检测员', orgCode: '91310000MA1FL00017', orgName: '别的单位' } }));
}

async function checkHead(world: World): Promise<void> {
  const { peer } = world;
  const tokens = { appToken: peer.appToken };
  expectRefusal(await peer.call(enterprisePaths.query, {}, { ...tokens, sign: null }));
  const unsigned = await peer.call(sharingPaths.catalogue, {}, { ...tokens, sign: null });
  if ((unsigned.status === '0') !== (peer.mode === 'strict')) mismatch(`unsigned: status ${unsigned.status}`);
  expectRefusal(await peer.call(sharingPaths.catalogue, {}, { ...tokens, sign: peer.signer(generateSm2KeyPair(world.random)) }));
  expectRefusal(await peer.call(sharingPaths.catalogue, {}, { ...tokens, sign: peer.signer({ now: world.now() - 3600_000 }) }));
  const envelope = peer.seal(sharingPaths.catalogue, {}, { ...tokens, sign: peer.signer() });
  // Signed for one interface, sent to another: as nobody but the peer can sign, somebody must have turned it round.
  const misdirected = peer.seal(sharingPaths.scenarios, {}, { ...tokens, sign: peer.signer() });
  expectRefusal(await peer.send(sharingPaths.catalogue, misdirected));
  const first = await peer.send(sharingPaths.catalogue, envelope);
  if (first.status !== '0') mismatch(`signed: status ${first.status}`);
  expectRefusal(await peer.send(sharingPaths.catalogue, envelope));
}
