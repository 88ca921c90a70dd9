import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { Platform } from '../../platform/app.ts';
import type { App } from '../app.ts';
import { verifyAudit } from '../audit/verification.ts';
import type { OpenCertificate } from '../desk/certificates.ts';
import { createImageReader, type ImageCode } from '../devices/image-reader.ts';
import { openOfflineStore } from '../offline-store.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { VerifyOutcome } from '../verify/verify-outcome.ts';
import { createSteps, type Steps, type StepTime } from './case-steps.ts';
import { drawCodePicture } from './code-picture.ts';
import { startUnattended } from './counter-app.ts';
import { foldersIn } from './data-folder.ts';
import type { Output } from './output.ts';
import { readPictureFile } from './picture-file.ts';
import { createPresenterClient, type ListedCompany } from './presenter-client.ts';
import { startReferencePlatform } from './reference-platform.ts';
import { awaitVerdict } from './scanning.ts';

/** A watermarked copy on the disk; `sm3` is that of the copy. */
export interface WrittenCopy {
  readonly type: string;
  readonly file: string;
  readonly bytes: number;
  readonly sm3: string;
}

/** What one whole case came to. */
export interface CaseSummary {
  readonly verdict: string;
  readonly consentDigestMatches: boolean;
  readonly certificates: readonly { readonly type: string; readonly number: string; readonly format: string; readonly sm3: string }[];
  readonly copies: readonly WrittenCopy[];
  readonly auditEntries: number;
  readonly auditHead: string;
  readonly steps: readonly StepTime[];
}

/** What a run needs: a folder for all it writes, one for the copies, and which company (null: the first). */
export interface CaseRunDeps {
  readonly folder: string;
  readonly copiesFolder: string;
  readonly companyId: string | null;
  readonly output: Output;
}

/** One whole case without a window: everything is real but the person and the camera. Stops at the first thing that is not right. */
export async function runCase(deps: CaseRunDeps): Promise<Result<CaseSummary>> {
  const steps = createSteps(deps.output);
  const closing: (() => Promise<void>)[] = [];
  try {
    return await walkThrough(deps, steps, closing);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function walkThrough(deps: CaseRunDeps, steps: Steps, closing: (() => Promise<void>)[]): Promise<Result<CaseSummary>> {
  const folders = foldersIn(deps.folder);
  const platform = await steps.run('platform', () => startPlatform(folders.platform), ({ url }) => `the reference platform answers at ${url}`);
  if (!platform.ok) return platform;
  closing.push(platform.value.close);
  const app = await steps.run('enrol', () => enrolCounter(folders.counter, platform.value, closing), (started) => `enrolled; case ${started.cases.current()?.bizNum ?? ''} is open`);
  if (!app.ok) return app;
  const minted = await steps.run('mint', () => mintCode(platform.value.url, deps.companyId), ({ company }) => `${company.name} shows a code`);
  if (!minted.ok) return minted;
  const picture = path.join(deps.folder, 'code.png');
  const drawn = await steps.run('draw', async () => ok(writeFileSync(picture, drawCodePicture(minted.value.code))), () => `drawn to ${picture}`);
  if (!drawn.ok) return drawn;
  const read = await steps.run('read', () => readCode(picture, minted.value.code), ({ symbology }) => `read from the picture (${symbology})`);
  if (!read.ok) return read;
  const verdict = await steps.run('verify', () => scanCode(app.value, read.value), describeVerdict);
  if (!verdict.ok) return verdict;
  const opened = await steps.run('certificates', () => openAll(app.value, verdict.value, minted.value.company), (list) => `${list.length} fetched, digests equal`);
  if (!opened.ok) return opened;
  const copies = await steps.run('copies', () => copyAll(app.value, opened.value, deps.copiesFolder), (list) => `${list.length} watermarked in ${deps.copiesFolder}`);
  if (!copies.ok) return copies;
  const closed = await steps.run('close', () => closeCounter(closing), () => 'the counter is closed, its audit ends with app.stop');
  if (!closed.ok) return closed;
  const audit = await steps.run('audit', () => verifyChain(folders.counter), ({ checked, headHash }) => `${checked} entries hold, head ${headHash.slice(0, 16)}…`);
  if (!audit.ok) return audit;
  return ok({
    verdict: verdict.value.state,
    consentDigestMatches: verdict.value.consentDigest?.equal === true,
    certificates: opened.value.map(({ entry, format, sm3 }) => ({ type: entry.certificateType, number: entry.certificateNumber, format, sm3 })),
    copies: copies.value,
    auditEntries: audit.value.checked,
    auditHead: audit.value.headHash,
    steps: steps.done(),
  });
}

async function startPlatform(dataDir: string): Promise<Result<Platform>> {
  const platform = await startReferencePlatform({ dataDir, port: 0 });
  return platform === null ? fail('remote/unreachable', 'no free port') : ok(platform);
}

async function enrolCounter(dataDir: string, platform: Platform, closing: (() => Promise<void>)[]): Promise<Result<App>> {
  const app = await startUnattended({ dataDir, platform: { url: platform.url, enrolmentCode: platform.enrolmentCode } });
  if (!app.ok) return app;
  closing.push(app.value.close);
  await app.value.ready;
  if (app.value.link.state().state !== 'online') return fail('remote/not-enrolled', app.value.link.state().state);
  return app.value.cases.current() === null ? fail('case/not-open') : app;
}

async function mintCode(url: string, companyId: string | null): Promise<Result<{ code: string; company: ListedCompany }>> {
  const presenter = createPresenterClient(url);
  const companies = await presenter.companies();
  if (!companies.ok) return companies;
  const company = companyId === null ? companies.value[0] : companies.value.find(({ id }) => id === companyId);
  if (company === undefined) return fail('case/field-missing', `no company ${companyId ?? ''}; there are ${companies.value.map(({ id }) => id).join(', ')}`);
  const minted = await presenter.mint({
    companyId: company.id,
    certificateTypes: company.certificates.map(({ typeCode }) => typeCode),
    informationGroups: company.information.map(({ oid }) => oid),
    permissions: { retain: false, download: true, transfer: false },
    oneTime: true,
  });
  return minted.ok ? ok({ code: minted.value.code, company }) : minted;
}

async function readCode(picture: string, minted: string): Promise<Result<ImageCode>> {
  const bytes = await readPictureFile(picture);
  if (!bytes.ok) return bytes;
  const codes = await createImageReader().readCodes(bytes.value);
  if (!codes.ok) return codes;
  const [code, second] = codes.value;
  if (code === undefined) return fail('scan/no-code-in-image');
  if (second !== undefined) return fail('scan/several-codes');
  return code.text === minted ? ok(code) : fail('scan/unreadable-image', 'another content than was drawn');
}

async function scanCode(app: App, code: ImageCode): Promise<Result<VerifyOutcome>> {
  const granted = await awaitVerdict(app, { source: 'image', device: 'code.png', bytes: code.bytes, symbology: code.symbology });
  if (!granted.ok) return granted;
  const { outcome } = granted.value;
  if (outcome.state !== 'verified') return fail('remote/refused', `${outcome.state} ${outcome.supportCode ?? ''}`);
  return outcome.consentDigest?.equal === true ? ok(outcome) : fail('remote/malformed', 'the consent record is not the one of the code');
}

function describeVerdict(outcome: VerifyOutcome): string {
  const groups = outcome.information.length;
  return `${outcome.state}: ${outcome.subject?.name ?? ''}, ${groups} groups and ${outcome.certificates.length} certificates granted (${outcome.elapsedMs.toFixed(1)} ms)`;
}

async function openAll(app: App, outcome: VerifyOutcome, company: ListedCompany): Promise<Result<OpenCertificate[]>> {
  if (outcome.certificates.length !== company.certificates.length) return fail('certificate/not-found', `${outcome.certificates.length} of ${company.certificates.length}`);
  const opened: OpenCertificate[] = [];
  for (const { certificateID } of outcome.certificates) {
    const certificate = await app.certificates.open({ scanId: outcome.scanId, certificateId: certificateID });
    if (!certificate.ok) return certificate;
    if (!certificate.value.digestCompared) return fail('file/wrong-hash', 'the platform gave no digest');
    opened.push(certificate.value);
  }
  return ok(opened);
}

async function copyAll(app: App, opened: readonly OpenCertificate[], folder: string): Promise<Result<WrittenCopy[]>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copies: WrittenCopy[] = [];
  for (const [index, { documentId, entry }] of opened.entries()) {
    const copy = await app.certificates.copy({ documentId, purpose: 'save' });
    if (!copy.ok) return copy;
    const { bytes, sm3 } = copy.value;
    // The name given is for people and may come twice; the number in front keeps the files apart.
    const file = path.join(folder, `${index + 1}-${path.basename(copy.value.fileName)}`);
    writeFileSync(file, bytes, { mode: 0o600 });
    copies.push({ type: entry.certificateType, file, bytes: bytes.length, sm3 });
  }
  return ok(copies);
}

async function closeCounter(closing: (() => Promise<void>)[]): Promise<Result<null>> {
  // The counter was started last; the platform stays until the end of the run.
  await closing.pop()?.();
  return ok(null);
}

/** Opens the data folder anew: what is verified is what lies on the disk. */
async function verifyChain(dataDir: string): Promise<Result<{ checked: number; headHash: string }>> {
  const store = await openOfflineStore({ dataDir, random: systemRandom });
  if (!store.ok) return store;
  const report = await verifyAudit({ source: store.value, monotonic: () => performance.now(), platformKeys: () => [] });
  await store.value.close();
  if (!report.ok) return report;
  const { intact, firstBad } = report.value;
  return intact ? report : fail('audit/chain-broken', `entry ${firstBad?.seq ?? ''} ${firstBad?.kind ?? ''}`);
}
