import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../main/app.ts';
import { firstSite, type Site } from '../../main/desk/site.ts';
import type { Platform } from '../../platform/app.ts';
import { logIn } from '../platform/test-counter.ts';
import { auditTypes, clientOf, firstCompany, type ListedCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

const state = {} as { platform: Platform; company: ListedCompany; app: App };
const begin = async (site: Partial<Site> = {}): Promise<void> => {
  state.app = await startCounter(state.platform, { site: { ...firstSite, role: 'supervisor', ...site }, healthEveryMs: 3_600_000 });
};

beforeEach(async () => {
  state.platform = await startPlatform();
  state.company = await firstCompany(state.platform);
});
afterEach(async () => {
  await state.app.close();
  await state.platform.close();
});

const everything = { permissions: { retain: false, download: true, transfer: true } };

async function openCertificate(): Promise<string> {
  const verdict = await scanForWindow(state.app, await mintCode(state.platform, state.company, everything));
  const [certificate] = verdict.certificates;
  return (await clientOf(state.app).certificate.open({ scanId: verdict.scanId, certificateId: certificate?.certificateId ?? '' })).documentId;
}

async function takeBack(): Promise<void> {
  const holder = await logIn(state.platform.url, state.company.id);
  const { grants } = (await (await holder.get('grants')).json()) as { grants: { id: string }[] };
  expect((await holder.post(`codes/${grants[0]?.id ?? ''}/withdraw`)).ok).toBe(true);
}

/** The newest entry with what its content says. */
async function newestEntry(): Promise<{ type: string; result: string; facts: Record<string, string> }> {
  const [entry] = await clientOf(state.app).audit.list({ beforeSeq: null, limit: 1 });
  const content = await clientOf(state.app).audit.entry({ seq: entry?.seq ?? 0 });
  return { type: entry?.type ?? '', result: entry?.result ?? '', facts: Object.fromEntries((content?.facts ?? []).map(({ name, value }) => [name, value])) };
}

describe('a copy of an open certificate', () => {
  test('is made while the grant stands, and refused and written down from the moment its holder takes it back', async () => {
    await begin();
    const client = clientOf(state.app);
    const documentId = await openCertificate();
    expect(await client.certificate.copy({ documentId, purpose: 'save' })).toMatchObject({ grantConfirmed: true });
    await takeBack();
    await expect(client.certificate.copy({ documentId, purpose: 'print' })).rejects.toMatchObject({ data: { code: 'verdict/withdrawn' } });
    expect(await newestEntry()).toMatchObject({ type: 'permission.refused', result: 'verdict/withdrawn' });
    const { scanId } = (await client.record.list({ limit: 1 }))[0] ?? { scanId: '' };
    expect((await client.verdict.show({ scanId })).withdrawnAt).toBeTypeOf('number');
    await expect(client.verdict.reveal({ scanId })).rejects.toMatchObject({ data: { code: 'verdict/withdrawn' } });
    // From now on the grant is over here too, whether the platform answers or not.
    for (const purpose of ['save', 'forward'] as const)
      await expect(client.certificate.copy({ documentId, purpose, recipient: '社保窗口' })).rejects.toMatchObject({ data: { code: 'verdict/withdrawn' } });
    expect((await auditTypes(state.app)).filter((type) => /^(copy|permission)\./.test(type))).toEqual(['copy.saved', 'permission.refused', 'permission.refused', 'permission.refused']);
  });

  test('is refused at a hall while nobody can say whether the grant stands, and had once somebody can', async () => {
    await begin();
    const client = clientOf(state.app);
    const documentId = await openCertificate();
    for (const status of [502, 503, 504]) {
      state.platform.faults.httpStatus = status;
      await expect(client.certificate.copy({ documentId, purpose: 'save' })).rejects.toMatchObject({ data: { code: 'permission/unconfirmed' } });
    }
    expect(await newestEntry()).toMatchObject({ type: 'permission.refused', result: 'permission/unconfirmed' });
    state.platform.faults.httpStatus = undefined;
    expect(await client.certificate.copy({ documentId, purpose: 'save' })).toMatchObject({ grantConfirmed: true });
  });

  test('is made where the site works on without the platform, and window and entry say that the grant was not checked', async () => {
    await begin({ whenOffline: 'provisional' });
    const documentId = await openCertificate();
    await state.platform.close();
    expect(await clientOf(state.app).certificate.copy({ documentId, purpose: 'save' })).toMatchObject({ grantConfirmed: false });
    expect(await newestEntry()).toMatchObject({ type: 'copy.saved', facts: { grantConfirmed: 'false' } });
  });

  test('is refused where the platform answers with an error of its own, whatever the site allows', async () => {
    await begin({ whenOffline: 'provisional' });
    const documentId = await openCertificate();
    state.platform.faults.httpStatus = 500;
    await expect(clientOf(state.app).certificate.copy({ documentId, purpose: 'save' })).rejects.toMatchObject({ data: { code: 'remote/http-status' } });
  });
});
