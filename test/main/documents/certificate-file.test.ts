import { describe, expect, test } from 'vitest';
import { fail, type FailureCode, ok } from '../../../domain/failure.ts';
import { type CertificateSource, fetchCertificate } from '../../../main/documents/certificate-file.ts';

const purpose = { useFor: '企业开户', itemName: '开户', itemCode: '001', itemOrg: '某银行', operator: '王芳', bizNum: 'B-1' };
const entry = { certificateType: '营业执照', issueDept: 'd', certificateNumber: 'n', issueDate: '2020-01-01', fileFormat: 'PDF' as const };
const holder = { certificateHolder: 'x', certificateHolderCode: 'y', certificateHolderType: 'z', certificateValidateStart: '', certificateValidateEnd: '' };
const { fileFormat: _, ...printed } = entry;
const file = { bytes: Uint8Array.of(1), format: 'PDF' as const, sm3: '00', digestCompared: true };

function source(downloads: (typeof file | FailureCode)[], info: FailureCode | null = null, verdict: boolean | FailureCode = true) {
  const asked: string[] = [];
  const client: CertificateSource = {
    fileById: () => {
      asked.push('file');
      return Promise.resolve(ok({ value: { ...entry, fileUrl: `http://h/${asked.length}`, fileSm3: 'ab'.repeat(32) } }));
    },
    infoById: () => Promise.resolve(info === null ? ok({ value: { ...printed, ...holder, surface: { 名称: '甲', 住所: '乙' } } }) : fail(info)),
    verifyFile: ({ bytes }) => {
      asked.push(`verify ${bytes.length}`);
      return Promise.resolve(typeof verdict === 'string' ? fail(verdict) : ok({ authentic: verdict }));
    },
    download: ({ url, claim }) => {
      asked.push(`${url} ${claim.format} ${claim.sm3?.slice(0, 2)}`);
      const next = downloads.shift() ?? 'internal/bug';
      return Promise.resolve(typeof next === 'string' ? fail(next) : ok(next));
    },
  };
  return { asked, fetch: () => fetchCertificate({ client, certificateId: 'c1', purpose }) };
}

describe('a certificate', () => {
  test('comes with what the platform says of it and its face, in order', async () => {
    const { asked, fetch } = source([file]);
    const fetched = await fetch();
    expect(fetched).toMatchObject({ ok: true, value: { ...file, entry, surface: [{ label: '名称', value: '甲' }, { label: '住所', value: '乙' }] } });
    expect(JSON.stringify(fetched)).not.toContain('http://');
    expect(asked).toEqual(['file', 'http://h/1 PDF ab', 'verify 1']);
  });

  test.each([[true, 'authentic'], [false, 'refused'], ['remote/timeout', 'not-verified'], ['file/too-large', 'not-verified']] as const)('12.1.10: %s is %s', async (verdict, platformVerdict) => {
    expect(await source([file], null, verdict).fetch()).toMatchObject({ ok: true, value: { platformVerdict } });
  });

  test('a failure of the way asks for a new address, once', async () => {
    expect((await source(['remote/timeout', file]).fetch()).ok).toBe(true);
    const twice = source(['remote/timeout', 'remote/unreachable', file]);
    expect(await twice.fetch()).toMatchObject({ ok: false, failure: { code: 'remote/unreachable' } });
    expect(twice.asked).toEqual(['file', 'http://h/1 PDF ab', 'file', 'http://h/3 PDF ab']);
  });

  test.each(['file/wrong-hash', 'file/wrong-magic', 'file/too-large', 'file/host-not-allowed'] as const)('%s is refused at once', async (code) => {
    const { asked, fetch } = source([code, file]);
    expect(await fetch()).toEqual({ ok: false, failure: { code } });
    expect(asked).toHaveLength(2);
  });

  test('stands without its face data', async () => {
    expect(await source([file], 'remote/refused').fetch()).toMatchObject({ ok: true, value: { info: null, surface: [] } });
  });
});
