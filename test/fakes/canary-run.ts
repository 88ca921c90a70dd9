import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import WebSocket from 'ws';
import type { counterContract } from '../../domain/contracts/counter.ts';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { openRecord } from '../../domain/crypto/sealed-record.ts';
import { sm4SubstitutionBox } from '../../domain/crypto/sm4.table.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { deriveKey } from '../../domain/key-tree.ts';
import { shareWrapKey } from '../../main/access/access-core.ts';
import { decodeAccount } from '../../main/desk/platform-account.ts';
import { openDeviceKeys } from '../../main/device-keys.ts';
import { openEscrowByTwo } from '../../main/recovery.ts';
import { openStore } from '../../main/store/store.ts';
import type { Platform } from '../../platform/app.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import { mintCode } from '../main/running-counter.ts';
import { type Canary, listPatterns, searchFiles, searchMemory } from './canary-search.ts';

const accountKeys = ['private key of the account', 'secret of the application'] as const;

type Client = ContractRouterClient<typeof counterContract>;

const officers = [
  { id: '10001', name: '韩立', role: 'administrator', passphrase: 'Lantern-harbour-7153' },
  { id: '10002', name: '陆瑶', role: 'security', passphrase: 'Orchard-violet-8846' },
  { id: '10003', name: '丁一鸣', role: 'auditor', passphrase: 'Granite-meadow-9327' },
] as const;
const clerk = { id: '10387', name: '周敏', role: 'operator', passphrase: 'Saffron-bridge-4619' } as const;
const ownPassphrase = 'Juniper-gravel-5284';
const [administrator, security] = officers;

/** A counter with people, in a process and folders of its own, everything that it writes kept in one place. */
export interface CanaryCounter {
  /** All that the program and its browser may write to. */
  readonly folder: string;
  readonly pid: () => number;
  readonly address: () => string;
  /** Starts it, the first time with its set-up, and logs the clerk in. */
  start(): Promise<void>;
  /** One whole case: a code, the certificates under it, copies, what was hidden revealed. */
  work(round: number): Promise<void>;
  lock(): Promise<void>;
  logIn(): Promise<void>;
  kill(): Promise<void>;
  /** What was handled so far: 40 and more. Needs a locked or ended counter. */
  canaries(): Promise<{ readonly personal: readonly Canary[]; readonly keys: readonly Canary[] }>;
  remove(): void;
}

/** Prepares the counter against a platform; nothing runs yet. */
export function createCanaryCounter(platform: Platform): CanaryCounter {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-canary-'));
  for (const name of ['data', 'tmp', 'home']) mkdirSync(path.join(folder, name));
  const seen: Canary[] = [];
  let isSetUp = false;
  let running: { readonly child: ChildProcess; readonly client: Client; readonly address: string } | null = null;
  const current = () => {
    if (running === null) throw new Error('not running');
    return running;
  };
  const logIn = async (): Promise<void> => {
    await current().client.access.logIn({ operatorId: clerk.id, passphrase: ownPassphrase });
    while ((await current().client.case.current()) === null) await wait(50);
  };
  return {
    folder,
    pid: () => current().child.pid ?? 0,
    address: () => current().address,
    start: async () => {
      const started = await startHost(folder, platform);
      const client = await connect(started.address);
      running = { ...started, client };
      if (!isSetUp) await setUp(client);
      isSetUp = true;
      await logIn();
    },
    work: async (round) => void seen.push(...(await workCase(current().client, platform, round))),
    lock: async () => void (await current().client.access.lock({ reason: 'asked' })),
    logIn,
    kill: async () => {
      const { child } = current();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      running = null;
    },
    canaries: async () => {
      const passphrases = [...officers, clerk, { id: 'own', passphrase: ownPassphrase }].map(({ id, passphrase }) => ({ name: `passphrase of ${id}`, content: passphrase }));
      return { personal: [...passphrases, ...seen], keys: await readKeys(folder) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What is looked for, where, and what was found. */
export function lookThrough(folder: string, canaries: readonly Canary[]) {
  return searchFiles([folder], listPatterns(canaries));
}

/**
 * Keys in a process's memory: as they are, as the round keys that SM4 works with, and, where `printed`, the keys of records in every encoding too. The
 * platform's account arrives and leaves as text, which no program in this language can overwrite.
 */
export function lookIntoMemory(pid: number, keys: readonly Canary[], { printed }: { readonly printed: boolean }) {
  const expanded = keys.flatMap(({ name, content }) => (typeof content === 'string' || content.length !== 16 ? [] : [{ name: `${name}, round keys`, content: firstRoundKeys(content) }]));
  const account = new Set<string>(accountKeys);
  return searchMemory(pid, listPatterns([...keys, ...expanded]).filter(({ canary, encoding, bytes }) => bytes.length >= 16 && (encoding === 'bytes' || (printed && !account.has(canary)))));
}

async function startHost(folder: string, platform: Platform): Promise<{ child: ChildProcess; address: string }> {
  const cli = path.resolve(import.meta.dirname, '../../main/cli.ts');
  const args = ['kiosk', '--no-window', '--json', '--port', '0', '--data', path.join(folder, 'data'), '--platform', platform.url, '--enrol', platform.enrolmentCode];
  const env = { ...process.env, TMPDIR: path.join(folder, 'tmp'), HOME: path.join(folder, 'home'), XDG_DATA_HOME: path.join(folder, 'home'), XDG_CACHE_HOME: path.join(folder, 'home') };
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const log = createWriteStream(path.join(folder, 'output.log'), { flags: 'a' });
  child.stderr?.pipe(log, { end: false });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.once('exit', () => reject(new Error('the counter ended before it was ready')));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      log.write(part);
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
  return { child, address: (JSON.parse(line) as { address: string }).address };
}

async function connect(address: string): Promise<Client> {
  const { origin, host, hash } = new URL(address);
  const websocket = new WebSocket(`ws://${host}/rpc`, [hash.slice('#t='.length)], { origin });
  await new Promise<void>((resolve, reject) => {
    websocket.once('open', resolve);
    websocket.once('error', reject);
  });
  websocket.on('error', () => {});
  return createORPCClient(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
}

async function setUp(client: Client): Promise<void> {
  await client.access.setUp({ people: officers.map((person) => ({ ...person })) });
  await client.access.logIn({ operatorId: security.id, passphrase: security.passphrase });
  await client.person.add({ ...clerk });
  await client.access.logIn({ operatorId: clerk.id, passphrase: clerk.passphrase });
  await client.access.changePassphrase({ oldPassphrase: clerk.passphrase, newPassphrase: ownPassphrase });
}

async function workCase(client: Client, platform: Platform, round: number): Promise<readonly Canary[]> {
  const reply = await fetch(`${platform.url}/presenter/companies`);
  const { companies } = (await reply.json()) as { companies: Parameters<typeof mintCode>[1][] };
  const company = companies[round % companies.length];
  const facts = sampleCompanies.find(({ id }) => id === company?.id);
  if (company === undefined || facts === undefined) throw new Error('no company');
  const isKept = round % 2 === 0;
  const code = await mintCode(platform, company, { permissions: { retain: isKept, download: true, transfer: false } });
  const events = await client.scan.watch();
  const { scanId } = await client.scan.submit({ source: 'wedge', bytesBase64: encodeBase64(encodeUtf8(code)) });
  let certificateId: string | undefined;
  for await (const event of events) {
    if (event.type !== 'verdict' || event.verdict.scanId !== scanId) continue;
    if (event.verdict.state !== 'verified') throw new Error(`not verified: ${event.verdict.supportCode}`);
    certificateId = event.verdict.certificates[0]?.certificateId;
    break;
  }
  await client.verdict.reveal({ scanId: scanId ?? '' });
  const found: Canary[] = [
    { name: `code ${round}`, content: code },
    { name: `company ${round}`, content: facts.name },
    { name: `head of ${round}`, content: facts.legalRepresentative },
    { name: `id number ${round}`, content: facts.information.flatMap(({ fields }) => fields).find(({ personal }) => personal === 'id')?.value ?? 'none' },
    { name: `phone ${round}`, content: facts.phone },
    { name: `presenter ${round}`, content: facts.presenter },
  ];
  if (certificateId === undefined) return found;
  const opened = await client.certificate.open({ scanId: scanId ?? '', certificateId }).catch((error: { data?: unknown }) => {
    throw new Error(JSON.stringify(error.data));
  });
  const copy = await client.certificate.copy({ documentId: opened.documentId, purpose: 'save' });
  for (const [name, text] of [['original', opened.bytesBase64], ['copy', copy.bytesBase64]] as const) {
    const bytes = decodeBase64(text) ?? new Uint8Array();
    found.push({ name: `bytes of the ${name} ${round}`, content: bytes.slice(Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 48) });
  }
  await client.case.next();
  return found;
}

/** Every key that the records depend on, opened on a copy of the data folder as two administrators could. */
async function readKeys(folder: string): Promise<readonly Canary[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'counter-canary-keys-'));
  try {
    cpSync(path.join(folder, 'data', 'counter'), dataDir, { recursive: true, filter: (source) => path.basename(source) !== 'lock' });
    const opened = await openEscrowByTwo({ dataDir, random: systemRandom }, [administrator, security].map(({ id, passphrase }) => ({ operatorId: id, passphrase })));
    if (!opened.ok) throw new Error(opened.failure.code);
    const { masterKey } = opened.value;
    const wrapKey = deriveKey(masterKey, 'wrap');
    const derived = (['bridge'] as const).map((purpose) => ({ name: `${purpose} key`, content: deriveKey(masterKey, purpose) }));
    return [{ name: 'master key', content: masterKey }, { name: 'wrapping key', content: wrapKey }, ...derived, ...readDataKeys(dataDir, wrapKey), ...(await readAccountKeys(dataDir, masterKey))];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function readDataKeys(dataDir: string, wrapKey: Uint8Array): Canary[] {
  const { keys } = JSON.parse(readFileSync(path.join(dataDir, 'keys/data-keys.json'), 'utf8')) as { keys: { id: number; class: string; day: number; wrapped: string }[] };
  return keys.map(({ id, class: dataClass, day, wrapped }) => {
    const key = openRecord({ key: wrapKey, sealed: decodeBase64(wrapped) ?? new Uint8Array(), aad: encodeUtf8(`data-key|${id}|${dataClass}|${day}`) });
    if (key === null) throw new Error('a data key does not open');
    return { name: `data key ${id} (${dataClass})`, content: key };
  });
}

async function readAccountKeys(dataDir: string, masterKey: Uint8Array): Promise<Canary[]> {
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) throw new Error(device.failure.code);
  const store = await openStore({ dataDir, device: device.value });
  if (!store.ok) throw new Error(store.failure.code);
  await store.value.unlock({ wrapKey: shareWrapKey(masterKey), isFirst: false });
  const [kept, company] = [await store.value.setting({ name: 'platform-account' }), await store.value.setting({ name: 'company-key' })];
  const account = kept.ok && kept.value !== null ? decodeAccount(kept.value) : null;
  const found: Canary[] = account === null ? [] : [{ name: accountKeys[0], content: Uint8Array.from(account.privateKey.reveal()) }, { name: accountKeys[1], content: account.profile.appSecret }];
  if (company.ok && company.value !== null) found.push({ name: 'key of the company digests', content: Uint8Array.from(company.value) });
  await store.value.close();
  return found;
}

/** The first four round keys of SM4 (GB/T 32907) as an Int32Array holds them here: the key follows from any four. */
function firstRoundKeys(key: Uint8Array): Uint8Array {
  const system = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc];
  const fixed = [0x00070e15, 0x1c232a31, 0x383f464d, 0x545b6269];
  const view = new DataView(key.buffer, key.byteOffset, 16);
  const words = system.map((part, at) => (view.getUint32(at * 4) ^ part) | 0);
  for (const [at, part] of fixed.entries()) words.push((words[at] ?? 0) ^ mix((words[at + 1] ?? 0) ^ (words[at + 2] ?? 0) ^ (words[at + 3] ?? 0) ^ part));
  return new Uint8Array(Int32Array.from(words.slice(4)).buffer);
}

function mix(word: number): number {
  let substituted = 0;
  for (const shift of [24, 16, 8, 0]) substituted |= (box[(word >>> shift) & 0xff] ?? 0) << shift;
  const turn = (count: number): number => (substituted << count) | (substituted >>> (32 - count));
  return substituted ^ turn(13) ^ turn(23);
}

const box = Buffer.from(sm4SubstitutionBox, 'hex');

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
