import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { printCountersigned, printKeptCountersignature } from '../../domain/audit-countersignature.ts';
import { printFingerprint } from '../../domain/audit-checkpoint.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { exportAudit } from '../../main/audit/export.ts';
import { createFolderTarget } from '../../main/audit/export-targets.ts';
import { type ExportFinding, type KnownFacts, verifyExport } from '../../main/audit/export-verification.ts';
import type { Store } from '../../main/store/store.ts';
import { createSigningPerson } from './signing-person.ts';
import { anEntry, aScan, makeFolder, openedStore, openingCase } from './store/opened-store.ts';

const tools = join(import.meta.dirname, '..', '..', 'main', 'audit', 'export-files');

/** What the three verifiers say of a folder, each as `OK n` or `BAD n kind`, with what else they say of MACs behind it. */
export interface Verdicts {
  readonly ours: string;
  readonly python: string;
  readonly shell: string;
}

/** Whether both foreign verifiers can run here. */
export function canVerify(): boolean {
  return spawnSync('python3', ['--version']).status === 0 && /OpenSSL 3/.test(String(spawnSync('openssl', ['version']).stdout));
}

/** An export, and what is known of it from elsewhere. */
export interface MadeExport {
  readonly folder: string;
  readonly fingerprint: string;
  readonly platform: string;
  readonly seed: Uint8Array;
}

/** Fills a store of its own and exports it, every checkpoint countersigned; the store is closed. */
export async function makeExport(entries: number): Promise<MadeExport> {
  for await (const made of makeExports([entries])) return made;
  throw new Error('no export');
}

/** One log that grows, exported at each of these sizes (ascending) and countersigned as a whole every time, under another key of a centre. */
export async function* makeExports(sizes: readonly number[]): AsyncGenerator<MadeExport> {
  const store = await openedStore(makeFolder());
  await store.append(openingCase);
  const person = createSigningPerson('10387');
  let number = 1;
  for (const size of sizes) {
    while (number < size) {
      number += 1;
      if (number % 40 === 0) person.renew();
      const next = number % 40 === 2 || number % 40 === 1 ? person.announce() : number % 4 === 0 && number % 40 !== 0 ? person.sign(aScan(`s${number}-${Math.random()}`)) : null;
      await store.append(next ?? { entry: anEntry({ ref: `编号 ${number} \\ "x"` }), body: null, business: null });
      if (number % 17 === 0) await store.checkpoint({ at: 1_790_000_000_000 });
    }
    await store.checkpoint({ at: 1_790_000_000_000 });
    const platform = await countersignAll(store);
    yield { ...(await exportStore(store)), platform };
  }
  await store.close();
}

/** What an audit centre does, with a key of its own; gives the key's fingerprint. */
async function countersignAll(store: Store): Promise<string> {
  const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
  const found = await store.checkpoints({ afterSize: 0, limit: 1000 });
  const t = '2026-11-22T04:00:00.000Z';
  for (const { gen, size, text } of found.ok ? found.value : []) {
    const signature = signSm2({ privateKey, message: encodeUtf8(printCountersigned(t, text)), id: sm2DefaultId, random: systemRandom });
    await store.countersigned({ gen, size, countersigned: printKeptCountersignature({ t, publicKey: encodeHex(publicKey), signature: encodeBase64(encodeSm2SignatureDer(signature)) }) });
  }
  return printFingerprint(publicKey);
}

/** Exports an open store's log. */
export async function exportStore(store: Store): Promise<Omit<MadeExport, 'platform'>> {
  const folder = join(mkdtempSync(join(tmpdir(), 'counter-export-')), 'export');
  const identity = await store.auditIdentity(null);
  const files = new Map(['verify.sh', 'verify.py'].map((name) => [name, readFileSync(join(tools, name), 'utf8')]));
  const made = await exportAudit({ source: store, target: createFolderTarget(folder), at: 1_790_000_000_000, tools: files });
  if (!made.ok || !identity.ok || identity.value.seed === null) throw new Error('no export');
  return { folder, fingerprint: made.value.fingerprint, seed: identity.value.seed };
}

/** Asks all three, the two foreign ones at once. */
export async function askAll(folder: string, known: Pick<KnownFacts, 'key' | 'platform' | 'seed'> = {}): Promise<Verdicts> {
  const { key, platform } = known;
  const seed = known.seed === undefined ? undefined : encodeHex(known.seed);
  const options = Object.entries({ key, platform, seed }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const foreign = Promise.all([
    ask('sh', [join(tools, 'verify.sh'), folder, key ?? '', platform ?? '', seed ?? '']),
    ask('python3', [join(tools, 'verify.py'), folder, ...options]),
  ]);
  const found = verifyExport(folder, known);
  const [shell, python] = await foreign;
  return { ours: found.ok ? printGood(found, seed) : `BAD ${found.badSeq} ${found.kind}`, python, shell };
}

function printGood({ entries, macs }: Extract<ExportFinding, { ok: true }>, seed: string | undefined): string {
  const without = macs.without === 0 ? '' : `, without MAC ${macs.without === 1 ? '' : '1-'}${macs.without}`;
  return `OK ${entries}${without}${seed === undefined ? '' : `, MACs checked ${macs.checked}`}`;
}

async function ask(program: string, parameters: readonly string[]): Promise<string> {
  const run = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained] = [run.stdout, run.stderr].map((stream) => text(stream));
  const status = await new Promise<number | null>((resolve) => run.once('close', resolve));
  return shortened({ status, stdout: (await said) ?? '', stderr: (await complained) ?? '' });
}

function shortened(run: { readonly status: number | null; readonly stdout: string; readonly stderr: string }): string {
  const lines = run.stdout.trim().split('\n');
  const last = /^(?:OK \d+|BAD \d+ .+)$/.exec(lines.at(-1) ?? '')?.[0];
  const said = last === undefined ? `nothing (${run.stderr.slice(0, 200)})` : [last, ...lines.filter((line) => /MAC/.test(line) && line !== last)].join(', ');
  return run.status === (said.startsWith('OK') ? 0 : 1) ? said : `${said} but exit code ${run.status}`;
}

/** Harms one thing in an exported folder by chance; gives what was done. */
export function harm(folder: string, draw: (limit: number) => number): string {
  const file = (name: string): string => join(folder, name);
  const lines = (name: string): string[] => readFileSync(file(name), 'utf8').split('\n').slice(0, -1);
  const put = (name: string, content: readonly string[]): void => writeFileSync(file(name), content.map((line) => `${line}\n`).join(''));
  const flip = (name: string): void => {
    const bytes = readFileSync(file(name));
    const at = draw(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(7));
    writeFileSync(file(name), bytes);
  };
  const checkpoints = readdirSync(file('checkpoints'));
  const one = checkpoints[draw(checkpoints.length)] ?? '';
  const all = lines('audit.jsonl');
  const at = draw(all.length);
  const other = draw(all.length);
  const harms: readonly (readonly [string, () => void])[] = [
    [`a line changed at ${at + 1}`, () => put('audit.jsonl', all.with(at, (all[at] ?? '').replace('operator', 'supervisor')))],
    [`a line removed at ${at + 1}`, () => put('audit.jsonl', all.toSpliced(at, 1))],
    [`line and hash removed at ${at + 1}`, () => (put('audit.jsonl', all.toSpliced(at, 1)), put('chain.txt', lines('chain.txt').toSpliced(at, 1)))],
    [`a line doubled at ${at + 1}`, () => put('audit.jsonl', all.toSpliced(at, 0, all[at] ?? ''))],
    [`lines ${at + 1} and ${other + 1} exchanged`, () => put('audit.jsonl', all.with(at, all[other] ?? '').with(other, at === other ? 'x' : (all[at] ?? '')))],
    [`cut off behind ${at}`, () => (put('audit.jsonl', all.slice(0, at)), put('chain.txt', lines('chain.txt').slice(0, at)))],
    ['a bit of the chain', () => flip('chain.txt')],
    [`a bit of ${one}`, () => flip(`checkpoints/${one}`)],
    [`${one} removed`, () => rmSync(file(`checkpoints/${one}`))],
    [`a bit of the centre's word on ${one}`, () => flip(`countersigned/${one}`)],
    [`the centre's word on ${one} put beside another checkpoint`, () => moveWord(folder, one)],
    [`the centre's key beside ${one} removed`, () => rmSync(file(`countersigned/${one.replace(/\..*/, '.pub')}`))],
    ['a bit of the manifest', () => flip('MANIFEST')],
    ['a bit of its signature', () => flip('MANIFEST.sig')],
    ['a bit of the MACs', () => flip('macs.txt')],
    ['the MACs removed', () => rmSync(file('macs.txt'))],
    ['the key removed', () => rmSync(file('device.pub'))],
    ['all checkpoints removed', () => rmSync(file('checkpoints'), { recursive: true })],
    ['a checkpoint of another name', () => writeFileSync(file('checkpoints/60.txt'), '')],
    ["a word of the centre's of another name", () => writeFileSync(file('countersigned/last.txt'), '')],
    ['a verifier changed', () => writeFileSync(file('verify.py'), 'print("OK 1")\n')],
  ];
  const [name, work] = harms[draw(harms.length)] ?? ['nothing', () => undefined];
  work();
  return name;
}

function moveWord(folder: string, one: string): void {
  const name = one.replace(/\..*/, '');
  for (const ending of ['txt', 'sig', 'pub']) renameSync(join(folder, 'countersigned', `${name}.${ending}`), join(folder, 'countersigned', `000000001.${ending}`));
}
