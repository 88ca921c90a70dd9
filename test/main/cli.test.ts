import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, test } from 'vitest';
import { drawPixels, encodeHanXin } from '../../hanxin/index.ts';
import { drawCodePicture } from '../../main/commands/code-picture.ts';
import { encodePng } from '../../main/commands/png-file.ts';
import { createMinting } from '../fakes/running-platform.ts';

const root = path.resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The real program in a process of its own. */
function counter(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path.join(root, 'main/cli.ts'), ...args], { cwd: scratch, maxBuffer: 32e6, env: { ...process.env, TMPDIR: scratch } }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** A program that goes on until it is stopped: its first JSON line, and a way to stop it as Ctrl+C does. */
async function running(...args: string[]): Promise<{ first: Record<string, unknown>; stop: () => Promise<number | null> }> {
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'main/cli.ts'), ...args, '--json'], { cwd: scratch, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const first = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    void ended.then((code) => reject(new Error(`ended with ${code} before it was ready`)));
  });
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return ended;
  };
  return { first: JSON.parse(first) as Record<string, unknown>, stop };
}

const lines = (out: string): Record<string, unknown>[] => out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the program', () => {
  test('prints help for itself and for every command, with examples', async () => {
    const { code, out } = await counter('--help');
    expect(code).toBe(0);
    const names = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name ?? '');
    expect(names).toEqual(['audit', 'case', 'decode', 'document', 'keyfile', 'kiosk', 'offline', 'platform', 'recover', 'store', 'usbkey', 'verify']);
    for (const name of names) {
      const help = await counter(name, '--help');
      expect([name, help.code, help.err]).toEqual([name, 0, '']);
      expect(help.out).toContain(`Usage: counter ${name}`);
      expect(help.out).toMatch(/Examples:\n {2}counter /);
    }
  });

  test('refuses what it does not know with exit code 2 and nothing on the output', async () => {
    for (const args of [[], ['unknown'], ['decode'], ['decode', 'x', '--fast']]) {
      const { code, out, err } = await counter(...args);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(err).toMatch(/^counter: .*--help/);
    }
  });
});

describe('counter audit verify DIR', () => {
  test('a folder without an exported log is a wrong path, not a bad log; the one inside is named', async () => {
    const inside = path.join(scratch, 'unpacked', 'counter-audit');
    mkdirSync(inside, { recursive: true });
    const nothing = await counter('audit', 'verify', 'unpacked');
    expect([nothing.code, nothing.out]).toEqual([2, '']);
    expect(nothing.err).toContain('there is no exported log in');
    writeFileSync(path.join(inside, 'audit.jsonl'), '');
    expect((await counter('audit', 'verify', 'unpacked')).err).toContain(`Did you mean ${inside}?`);
    // What lost the rest of its files is an export, and a bad one.
    expect(await counter('audit', 'verify', inside)).toMatchObject({ code: 1, out: expect.stringContaining('BAD: the folder') });
  });

  test.each([
    ['sh', 'verify.sh'],
    ['python3', 'verify.py'],
  ])('%s %s says how it is used', async (program, file) => {
    const said = await new Promise<string>((resolve) => void execFile(program, [path.join(root, 'main/audit/export-files', file), '--help'], (error, out) => resolve(error === null ? out : `${error}`)));
    expect(said).toMatch(/^Checks an exported audit log[^]*^usage: /m);
    expect(said).not.toContain('BAD 0');
  });
});

describe('counter decode', () => {
  const text = `91310000MA1K000006${'0123456789ABCDEF'.repeat(13)}`;

  test('gives text, bytes and corners of every picture; a missing or hostile file is its own error, the others are done', async () => {
    const file = (name: string, content: Uint8Array | string): string => {
      writeFileSync(path.join(scratch, name), content);
      return name;
    };
    const picture = drawCodePicture(text, { scale: 4 });
    const bomb = Uint8Array.from(picture);
    new DataView(bomb.buffer).setUint32(16, 0x7fffffff);
    mkdirSync(path.join(scratch, 'folder'));
    const files = [file('one.png', picture), 'missing.png', file('bomb.png', bomb), file('cut.png', picture.subarray(0, 200)), 'folder', file('text.txt', 'hello'), file('two.png', picture)];
    const { code, out } = await counter('decode', '--json', ...files);
    expect(code).toBe(1);
    const entries = lines(out);
    expect(entries.map(({ file }) => file)).toEqual(files);
    for (const entry of [entries[0], entries[6]]) {
      expect(entry).toMatchObject({ results: [{ symbology: ']Q1', text, bytesBase64: Buffer.from(text).toString('base64') }], ms: expect.any(Number) });
      expect(entry).not.toHaveProperty('error');
      expect(entry?.['results']).toHaveProperty([0, 'corners', 2]);
    }
    for (const entry of entries.slice(1, 6)) expect(entry).toMatchObject({ results: [], error: { code: 'scan/unreadable-image' } });
  });

  test('exits 0 when every picture has a code, 1 when one has none', async () => {
    writeFileSync(path.join(scratch, 'good.png'), drawCodePicture(text));
    writeFileSync(path.join(scratch, 'blank.png'), encodePng(64, () => [255, 255, 255]));
    const good = await counter('decode', 'good.png');
    expect(good.code).toBe(0);
    expect(good.out).toContain(text);
    const blank = await counter('decode', '--json', 'blank.png', 'good.png');
    expect(blank.code).toBe(1);
    expect(lines(blank.out)[0]).toMatchObject({ file: 'blank.png', results: [] });
    expect(lines(blank.out)[0]).not.toHaveProperty('error');
  });

  test('--stages writes what each stage of each Han Xin look saw, as pictures of the size of the file', async () => {
    const symbol = drawPixels(encodeHanXin(text)!, { moduleSize: 4 });
    writeFileSync(path.join(scratch, 'hanxin.png'), encodePng(symbol.width, (x, y) => Array.from({ length: 3 }, () => symbol.data[y * symbol.width + x]!) as [number, number, number]));
    writeFileSync(path.join(scratch, 'empty.png'), encodePng(64, () => [255, 255, 255]));
    const { out } = await counter('decode', '--json', '--stages', 'stages', 'hanxin.png', 'empty.png');
    expect(lines(out)[0]).toMatchObject({ results: [{ symbology: ']h0', text }] });
    const stages = ['binary', 'crossings', 'finders', 'symbols', 'thresholds'];
    const looks = [1, 2, 3, 4].flatMap((look) => stages.map((stage) => `empty.png-${look}-${stage}.png`));
    expect(readdirSync(path.join(scratch, 'stages')).toSorted()).toEqual([...looks, ...stages.map((stage) => `hanxin.png-1-${stage}.png`)]);
    const read = (stage: string) => PNG.sync.read(readFileSync(path.join(scratch, 'stages', `hanxin.png-1-${stage}.png`)));
    for (const stage of stages) expect(read(stage)).toMatchObject({ width: symbol.width, height: symbol.height });
    const binary = read('binary').data.filter((_, at) => at % 4 === 0);
    expect(Buffer.compare(binary, Buffer.from(symbol.data))).toBe(0);
    const other = await counter('decode', '--stages', 'hanxin.png', 'hanxin.png');
    expect(other.code).toBe(2);
  });
});

describe('counter platform', () => {
  test('serves until it is stopped, tells the enrolment code, and says when its port is taken', async () => {
    const { first, stop } = await running('platform', '--port', '0', '--data', 'platform-data');
    const { url, enrolmentCode } = first as { url: string; enrolmentCode: string };
    expect(enrolmentCode).toMatch(/^[0-9A-Z-]{16,}$/);
    const answer = await fetch(`${url}/presenter/companies`);
    expect(((await answer.json()) as { companies: unknown[] }).companies.length).toBeGreaterThanOrEqual(12);
    const second = await counter('platform', '--port', new URL(url).port, '--data', 'other-data');
    expect(second.code).toBe(1);
    expect(second.err).toContain('is taken');
    expect(await stop()).toBe(0);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('refuses a fault that it does not know', async () => {
    const { code, err } = await counter('platform', '--fault', 'latency=soon');
    expect(code).toBe(2);
    expect(err).toContain('latency=MS');
  });
});

describe('counter case', () => {
  test('runs a whole case and tells what came of it', async () => {
    const { code, out, err } = await counter('case', '--json', '--out', 'copies', '--company', 'suling');
    expect([code, err]).toEqual([0, '']);
    const entries = lines(out);
    const summary = entries.at(-1) ?? {};
    expect(summary).toMatchObject({ verdict: 'verified', consentDigestMatches: true, auditEntries: expect.any(Number), auditHead: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(entries.slice(0, -1).map(({ step }) => step)).toEqual((summary['steps'] as { step: string }[]).map(({ step }) => step));
    expect(summary['steps']).toHaveLength(10);
    const { certificates, copies } = summary as { certificates: unknown[]; copies: { file: string; bytes: number }[] };
    expect(certificates.length).toBeGreaterThanOrEqual(2);
    expect(copies).toHaveLength(certificates.length);
    for (const { file, bytes } of copies) {
      const content = readFileSync(file);
      expect(content.subarray(0, 5).toString()).toBe('%PDF-');
      expect(content.length).toBe(bytes);
    }
  });

  test('fails with exit code 1 and a reason, and leaves nothing behind', async () => {
    const { code, err } = await counter('case', '--company', 'nobody');
    expect(code).toBe(1);
    expect(err).toContain('no company nobody');
    expect(readdirSync(scratch).filter((name) => name.startsWith('counter-case-'))).toEqual([]);
  });
});

describe('counter verify', () => {
  test('verifies once; a one-time code is then used; other codes say what they are; exit code 0 only when verified', async () => {
    const { first, stop } = await running('platform', '--port', '0', '--data', 'verify-platform');
    const { url, enrolmentCode } = first as { url: string; enrolmentCode: string };
    try {
      const mint = await createMinting(url, { oneTime: true });
      const code = await mint(1);
      const good = await counter('verify', '--data', 'verify-data', '--platform', url, '--enrol', enrolmentCode, '--code', code);
      expect([good.code, good.err]).toEqual([0, '']);
      expect(good.out).toMatch(/^VERIFIED\n/);
      const used = await counter('verify', '--data', 'verify-data', '--json', '--code', code);
      expect(used.code).toBe(1);
      expect(lines(used.out)[0]).toMatchObject({ state: 'already-used', supportCode: 'E-USED-01', information: [], certificates: [] });
      writeFileSync(path.join(scratch, 'code.png'), drawCodePicture(await mint(2)));
      expect((await counter('verify', '--data', 'verify-data', 'code.png')).out).toMatch(/^VERIFIED\n/);
      const link = await counter('verify', '--data', 'verify-data', '--json', '--code', 'https://example.com/');
      expect([link.code, lines(link.out)[0]?.['supportCode']]).toEqual([1, 'E-KIND-01']);
    } finally {
      await stop();
    }
  });

  test('says that the counter is not enrolled, and what is wrong with the call', async () => {
    const { code, err } = await counter('verify', '--data', 'not-enrolled', '--code', '123');
    expect([code, err]).toEqual([1, expect.stringContaining('--platform URL --enrol CODE')]);
    for (const args of [[], ['--code', 'a', 'b.png'], ['--code', 'a', '--enrol', 'x'], ['--code', 'a', '--platform', 'file:///x']])
      expect((await counter('verify', ...args)).code).toBe(2);
  });
});

describe('counter kiosk', () => {
  test('serves the window, keeps a second start out of its data, and ends when it is stopped', async () => {
    const { first, stop } = await running('kiosk', '--embedded', '--no-window', '--port', '0', '--data', 'kiosk-data');
    const { address, origin, platform } = first as { address: string; origin: string; platform: string };
    expect(address.startsWith(`${origin}/#t=`)).toBe(true);
    const page = await fetch(origin);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await fetch(`${platform}/presenter/companies`)).status).toBe(200);
    const second = await counter('kiosk', '--embedded', '--no-window', '--port', '0', '--data', 'kiosk-data');
    expect(second.code).toBe(1);
    expect(second.err).toContain('another Counter is using this data folder');
    expect(await stop()).toBe(0);
  });

  test('refuses options that contradict each other', async () => {
    for (const args of [['--embedded', '--platform', 'http://127.0.0.1:1'], ['--enrol', 'x'], ['--platform', 'ftp://x'], ['--serial', '/dev/x,fast'], ['--port', '70000']])
      expect((await counter('kiosk', ...args)).code).toBe(2);
  });
});
