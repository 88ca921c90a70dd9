import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { AuditCheck } from '../../domain/contracts/audit.ts';
import type { Verdict } from '../../domain/contracts/counter.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type App, type AppDeps, createApp, type GrantedVerdict } from '../../main/app.ts';
import { counterRouter } from '../../main/handlers/router.ts';
import { createPlatform, type Platform } from '../../platform/app.ts';
import type { MintRequest } from '../../platform/presenting/contract.ts';

const quiet = { level: 'silent', child: () => quiet, info() {}, warn() {}, error() {}, debug() {}, trace() {}, fatal() {}, silent() {} };

/** A company as the presenter lists it. */
export interface ListedCompany {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
  readonly presenter: string;
  readonly information: readonly { readonly oid: string }[];
  readonly certificates: readonly { readonly type: string; readonly typeCode: string }[];
}

/** A real platform on a folder of its own; on a busy machine it waits for its provinces as long as they take. */
export async function startPlatform(more: Partial<Parameters<typeof createPlatform>[0]> = {}): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-platform-'));
  return createPlatform({ dataDir, now: Date.now, random: systemRandom, host: '127.0.0.1', port: 0, log: quiet, provinceDeadlineMs: 60_000, ...more });
}

/** A counter that is enrolled and has a case open. */
export async function startCounter(platform: Platform | null, { waitsForReady = true, ...more }: Partial<AppDeps> & { readonly waitsForReady?: boolean } = {}): Promise<App> {
  const app = await createApp({
    dataDir: mkdtempSync(join(tmpdir(), 'counter-app-')),
    version: 'test',
    shell: 'kiosk',
    now: Date.now,
    monotonic: () => performance.now(),
    random: systemRandom,
    unattended: true,
    log: quiet,
    // On a busy machine the platform takes longer to draw a certificate than a counter at work waits.
    limits: { timeoutMs: 60_000, connectTimeoutMs: 60_000, fileTimeoutMs: 60_000 },
    ...(platform === null ? {} : { platform: { url: platform.url, enrolmentCode: platform.enrolmentCode } }),
    ...more,
  });
  if (!app.ok) throw new Error([app.failure.code, app.failure.detail].filter(Boolean).join(' '));
  if (waitsForReady) await app.value.ready;
  return app.value;
}

/** The contract as the window calls it. */
export function clientOf(app: App): RouterClient<typeof counterRouter> {
  return createRouterClient(counterRouter, { context: { app } });
}

/** What the window hears of a check of the whole log: everything, the report last. */
export async function checkLog(app: App): Promise<AuditCheck[]> {
  const heard: AuditCheck[] = [];
  for await (const event of await clientOf(app).audit.verify()) heard.push(event);
  return heard;
}

/** The first company that the presenter lists. */
export async function firstCompany(platform: Platform): Promise<ListedCompany> {
  const answer = await fetch(`${platform.url}/presenter/companies`);
  const [company] = ((await answer.json()) as { companies: ListedCompany[] }).companies;
  if (company === undefined) throw new Error('no sample company');
  return company;
}

/** A code that grants everything of a company, with the permissions given. */
export async function mintCode(platform: Platform, company: ListedCompany, more: Partial<MintRequest> = {}): Promise<string> {
  const minted = await platform.mint({
    companyId: company.id,
    certificateTypes: company.certificates.map(({ typeCode }) => typeCode),
    informationGroups: company.information.map(({ oid }) => oid),
    permissions: { retain: false, download: false, transfer: false },
    oneTime: true,
    ...more,
  });
  return minted.code;
}

/** Scans a code as a scanner does and waits for what becomes of it. */
export async function scan(app: App, code: string): Promise<GrantedVerdict> {
  const stop = new AbortController();
  const news = app.events.subscribe(stop.signal);
  app.hub.submit({ source: 'serial', device: 'test scanner', bytes: encodeUtf8(code) });
  try {
    for await (const event of news) {
      if (event.type === 'verdict') return event.granted;
      if (event.type === 'refused') throw new Error(`refused: ${event.code}`);
      if (event.type === 'repeat') throw new Error('repeat');
    }
    throw new Error('the counter closed');
  } finally {
    stop.abort();
  }
}

/** Scans a code and gives the verdict as the window sees it. */
export async function scanForWindow(app: App, code: string): Promise<Verdict> {
  const { outcome } = await scan(app, code);
  return clientOf(app).verdict.show({ scanId: outcome.scanId });
}

/** The types of all audit entries, oldest first. */
export async function auditTypes(app: App): Promise<string[]> {
  const lines = await app.store.lines({ beforeSeq: null, limit: 500 });
  if (!lines.ok) throw new Error(lines.failure.code);
  return lines.value.map(({ line }) => (JSON.parse(line) as { type: string }).type).toReversed();
}

/** Who the entries of a type name as the one who did it, newest first. */
export async function actorsOf(app: App, type: string): Promise<string[]> {
  const lines = await app.store.lines({ beforeSeq: null, limit: 500 });
  if (!lines.ok) throw new Error(lines.failure.code);
  return lines.value.map(({ line }) => JSON.parse(line) as { type: string; actor: string }).filter((entry) => entry.type === type).map(({ actor }) => actor);
}
