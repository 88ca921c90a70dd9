import { expect, test } from 'vitest';
import type { Case } from '../../../domain/contracts/counter.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { fail, ok } from '../../../domain/failure.ts';
import { type CertificateOutcome, type CertificatesDeps, createCertificates, type OpenCertificate } from '../../../main/desk/certificates.ts';
import { createGrantedMemory } from '../../../main/desk/granted.ts';

const entry = { certificateID: 'c1', certificateType: '营业执照', issueDept: 'd', certificateNumber: 'n', issueDate: '2020-01-01' };
const outcome: CertificateOutcome = {
  scanId: 's',
  state: 'verified',
  permissions: { read: true, retain: false, download: true, transfer: false, raw: 5 },
  grantedUntil: 1000,
  certificates: [entry, { ...entry, certificateID: 'c2' }],
};

type Confirm = CertificatesDeps<CertificateOutcome>['confirm'];

/** A desk at which 下一位 comes while a copy is made, if wanted. */
function openDesk(duringCopy: (forget: () => void) => void, fileEntry = { certificateType: '营业执照', certificateNumber: 'n' }, restrictions: readonly ('print' | 'save')[] = [], now = (): number => 0, permissions: Partial<CertificateOutcome['permissions']> = {}, isWithdrawn = (): boolean => false, confirm: Confirm = () => Promise.resolve(ok({ isConfirmed: true }))) {
  const current: Case = { caseId: 'case', itemCode: '1', itemName: 'm', useFor: '核验', bizNum: 'PD-1', openedAt: 0, scans: 0 };
  const memory = createGrantedMemory<CertificateOutcome, OpenCertificate>();
  memory.keep('s', { caseId: 'case', outcome: { ...outcome, permissions: { ...outcome.permissions, ...permissions } }, codeBytes: new Uint8Array(), auditSeq: 1, isRevealed: false, withdrawnAt: null, documents: new Map() });
  const written: string[] = [];
  const copied: (string | null)[] = [];
  const printings: number[] = [];
  const certificates = createCertificates({
    fetch: () => Promise.resolve(isWithdrawn() ? fail('verdict/withdrawn') : ok({ bytes: new Uint8Array(1), format: 'PDF' as const, sm3: '00', digestCompared: true, platformVerdict: 'authentic' as const, restrictions, signatures: null, surface: [], entry: fileEntry })),
    confirm,
    copy: ({ recipient, printing }) => {
      copied.push(recipient);
      printings.push(printing);
      duringCopy(memory.drop);
      return Promise.resolve(ok({ bytes: new Uint8Array(2), fileName: 'f.pdf', sm3: '11' }));
    },
    journal: {
      head: () => ({ seq: 0, hash: '' }),
      fault: () => null,
      ready: async () => null,
      record: ({ type }) => {
        written.push(type);
        return Promise.resolve(ok({ seq: written.length, hash: '' }));
      },
    },
    ...{ memory, latest: now, random: systemRandom, currentCase: () => current, watermark: () => [] },
    purpose: () => ({ useFor: 'u', itemName: 'm', itemCode: '1', itemOrg: 'o', operator: 'p', bizNum: 'PD-1' }),
  });
  return { certificates, memory, written, copied, printings };
}

test('a copy that is ready only after 下一位 is not given to the next person', async () => {
  for (const isNext of [false, true]) {
    const { certificates, written } = openDesk((forget) => isNext && forget());
    const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
    const copy = await certificates.copy({ documentId: opened.ok ? opened.value.documentId : '', purpose: 'save' });
    expect(copy).toMatchObject(isNext ? { failure: { code: 'verdict/unknown' } } : { value: { auditSeq: 2 } });
    expect(written).toEqual(isNext ? ['certificate.opened'] : ['certificate.opened', 'copy.saved']);
  }
});

test.each([
  ['another type', { certificateType: '食品经营许可证', certificateNumber: 'n' }, false],
  ['another number', { certificateType: '营业执照', certificateNumber: 'm' }, false],
  ['blanks around', { certificateType: ' 营业执照', certificateNumber: 'n ' }, true],
  // YD prints the certificate's own number here and its GB/T 36904 identifier there (wire notes W17).
  ['the identifier for the number', { certificateType: '营业执照', certificateNumber: '1.2.156.3005.2.11100000000013338W032.1' }, true],
])('a file that is said to be of a certificate with %s', async (_, fileEntry, isOpened) => {
  const { certificates, written } = openDesk(() => {}, fileEntry);
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  expect(opened).toMatchObject(isOpened ? { ok: true, value: { entry } } : { ok: false, failure: { code: 'remote/malformed' } });
  expect(written).toEqual([isOpened ? 'certificate.opened' : 'certificate.refused']);
});

test('what whoever issued the file does not allow is refused, whatever the consent gives, and recorded', async () => {
  const { certificates, written } = openDesk(() => {}, undefined, ['print']);
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  const documentId = opened.ok ? opened.value.documentId : '';
  expect(await certificates.copy({ documentId, purpose: 'print' })).toMatchObject({ ok: false, failure: { code: 'permission/by-file' } });
  expect(await certificates.copy({ documentId, purpose: 'save' })).toMatchObject({ ok: true });
  expect(written).toEqual(['certificate.opened', 'permission.refused', 'copy.saved']);
});

test('prints asked for at once are numbered one after another, and one that is refused takes no number', async () => {
  const { certificates, written, printings } = openDesk(() => {});
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  const documentId = opened.ok ? opened.value.documentId : '';
  const made = await Promise.all(['print', 'print', 'save', 'print'].map((purpose) => certificates.copy({ documentId, purpose: purpose as 'print' | 'save' })));
  expect(made.map(({ ok: isMade }) => isMade)).toEqual([true, true, true, true]);
  expect(await certificates.copy({ documentId: 'none', purpose: 'print' })).toMatchObject({ ok: false });
  expect(printings.toSorted()).toEqual([0, 1, 2, 3]);
  expect(written.slice(1).toSorted()).toEqual(['copy.printed', 'copy.reprinted', 'copy.reprinted', 'copy.saved']);
});

test('once the granted time is over nothing more is fetched or copied; what was opened before stays', async () => {
  let time = 0;
  const { certificates, written } = openDesk(() => {}, undefined, [], () => time);
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  time = 1000;
  const documentId = opened.ok ? opened.value.documentId : '';
  expect(await certificates.open({ scanId: 's', certificateId: 'c1' })).toEqual(opened);
  expect(await certificates.copy({ documentId, purpose: 'print' })).toMatchObject({ ok: false, failure: { code: 'verdict/grant-ended' } });
  const later = openDesk(() => {}, undefined, [], () => time);
  expect(await later.certificates.open({ scanId: 's', certificateId: 'c1' })).toMatchObject({ ok: false, failure: { code: 'verdict/grant-ended' } });
  // A window that knows it asks for what was obtained alone, by itself: nobody reached for more.
  expect(await later.certificates.open({ scanId: 's', certificateId: 'c1', onlyObtained: true })).toMatchObject({ ok: false, failure: { code: 'verdict/grant-ended' } });
  expect(await certificates.open({ scanId: 's', certificateId: 'c1', onlyObtained: true })).toEqual(opened);
  time = 999;
  expect(await later.certificates.open({ scanId: 's', certificateId: 'c1', onlyObtained: true })).toMatchObject({ ok: false });
  expect(await later.certificates.open({ scanId: 's', certificateId: 'c1' })).toMatchObject({ ok: true });
  expect([written, later.written]).toEqual([['certificate.opened', 'permission.refused'], ['permission.refused', 'certificate.opened']]);
});

test('once the platform says that the holder took the grant back, what was opened before is not copied either', async () => {
  let [isWithdrawn, time] = [false, 0];
  const { certificates, memory, written } = openDesk(() => {}, undefined, [], () => time, {}, () => isWithdrawn);
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  [isWithdrawn, time] = [true, 10];
  expect(await certificates.open({ scanId: 's', certificateId: 'c2' })).toMatchObject({ ok: false, failure: { code: 'verdict/withdrawn' } });
  expect(await certificates.copy({ documentId: opened.ok ? opened.value.documentId : '', purpose: 'print' })).toMatchObject({ ok: false, failure: { code: 'verdict/withdrawn' } });
  [isWithdrawn, time] = [false, 2];
  expect(await certificates.open({ scanId: 's', certificateId: 'c2' })).toMatchObject({ ok: false, failure: { code: 'verdict/withdrawn' } });
  expect(memory.find('s')).toMatchObject({ withdrawnAt: 10, outcome: { grantedUntil: 1000 } });
  expect(written).toEqual(['certificate.opened', 'certificate.refused', 'permission.refused', 'permission.refused']);
});

test.each([
  ['nothing more than download', { transfer: false }, '社保窗口', 'permission/not-granted', 'permission.refused'],
  ['transfer', { transfer: true, download: false }, ' 社保窗口 ', null, 'copy.forwarded'],
  ['transfer, and nobody named', { transfer: true }, '  ', 'permission/no-recipient', null],
])('a copy is handed on with %s', async (_, permissions, recipient, code, entryType) => {
  const { certificates, written, copied } = openDesk(() => {}, undefined, [], undefined, permissions);
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  const forwarded = await certificates.copy({ documentId: opened.ok ? opened.value.documentId : '', purpose: 'forward', recipient });
  expect(forwarded).toMatchObject(code === null ? { ok: true } : { ok: false, failure: { code } });
  expect(written).toEqual(['certificate.opened', ...(entryType === null ? [] : [entryType])]);
  expect(copied).toEqual(code === null ? ['社保窗口'] : []);
});

test('a file that may not be exported may not be handed on', async () => {
  const { certificates, written } = openDesk(() => {}, undefined, ['save'], undefined, { transfer: true });
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  expect(await certificates.copy({ documentId: opened.ok ? opened.value.documentId : '', purpose: 'forward', recipient: 'x' })).toMatchObject({ failure: { code: 'permission/by-file' } });
  expect(written).toEqual(['certificate.opened', 'permission.refused']);
});

test.each([
  ['was taken back', fail('verdict/withdrawn'), 'verdict/withdrawn', 'verdict/withdrawn'],
  ['cannot be asked for where that must be', fail('permission/unconfirmed'), 'permission/unconfirmed', 'permission/unconfirmed'],
  ['is refused', fail('remote/refused', '99'), 'remote/refused', 'remote/refused'],
])('no copy of any kind where the grant %s, and each refusal is an entry', async (_, answer, code, after) => {
  const { certificates, written, copied } = openDesk(() => {}, undefined, [], undefined, { transfer: true }, undefined, () => Promise.resolve(answer));
  const opened = await certificates.open({ scanId: 's', certificateId: 'c1' });
  const documentId = opened.ok ? opened.value.documentId : '';
  expect(await certificates.copy({ documentId, purpose: 'print' })).toMatchObject({ ok: false, failure: { code } });
  expect(await certificates.copy({ documentId, purpose: 'save' })).toMatchObject({ ok: false, failure: { code: after } });
  expect(await certificates.copy({ documentId, purpose: 'forward', recipient: 'x' })).toMatchObject({ ok: false, failure: { code: after } });
  expect([written, copied]).toEqual([['certificate.opened', 'permission.refused', 'permission.refused', 'permission.refused'], []]);
});

test('the platform is asked for this certificate and this purpose, and a copy of an unconfirmed grant is one that says so', async () => {
  const asked: unknown[] = [];
  const confirm: Confirm = (input) => Promise.resolve(ok({ isConfirmed: asked.push(input) === 1 }));
  const { certificates } = openDesk(() => {}, undefined, [], undefined, {}, undefined, confirm);
  const opened = await certificates.open({ scanId: 's', certificateId: 'c2' });
  const documentId = opened.ok ? opened.value.documentId : '';
  expect(await certificates.copy({ documentId, purpose: 'save' })).toMatchObject({ ok: true, value: { isConfirmed: true } });
  expect(await certificates.copy({ documentId, purpose: 'save' })).toMatchObject({ ok: true, value: { isConfirmed: false } });
  expect(asked[0]).toMatchObject({ certificateId: 'c2', purpose: { bizNum: 'PD-1' } });
});
