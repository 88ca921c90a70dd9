import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, test } from 'vitest';
import { drawTraceTile } from '../../../domain/trace-pattern.ts';
import { runCommandLine } from '../../../main/commands/command-line.ts';
import { documentCommand } from '../../../main/commands/document-command.ts';
import { makeDocument } from '../../ofd/made-document.ts';
import { absent, sampleFolder } from '../documents/sample-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'document-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (file: string): string => path.join(sampleFolder, file);

async function run(...args: string[]): Promise<{ code: number; lines: Record<string, unknown>[]; text: string }> {
  let [text, errors] = ['', ''];
  const code = await runCommandLine({
    args: ['document', ...args],
    commands: [documentCommand],
    version: '0',
    out: { write: (chunk) => (text += chunk) },
    err: { write: (chunk) => (errors += chunk) },
    untilStopped: () => new Promise(() => {}),
  });
  const lines = args.includes('--json') ? text.trim().split('\n').map((line): Record<string, unknown> => JSON.parse(line)) : [];
  return { code, lines, text: text + errors };
}

describe.skipIf(absent !== null)('counter document', () => {
  test('verify says what a seal is worth, and which step failed', async () => {
    const good = await run('verify', at('syn-cert-sesv4-valid.ofd'), '--anchor', at('ca-root.der'), '--json');
    expect(good).toMatchObject({ code: 0, lines: [{ format: 'OFD', pages: 1, signature: { status: 'valid', integrity: 'valid', count: 1 } }] });
    const unknown = await run('verify', at('syn-cert-sesv4-valid.ofd'), '--json');
    expect(unknown).toMatchObject({ code: 1, lines: [{ signature: { status: 'untrusted', integrity: 'valid' } }] });
    const bad = await run('verify', at('syn-bad-seal-maker-sig.ofd'), '--anchor', at('ca-root.der'));
    expect(bad.code).toBe(1);
    expect(bad.text).toContain('the seal is not by the maker that it names');
  });

  test('what an administrator imported in the window of this data folder is trusted here too', async () => {
    const data = path.join(folder, 'data');
    mkdirSync(path.join(data, 'counter', 'trust'), { recursive: true });
    const check = () => run('verify', at('syn-cert-sesv4-valid.ofd'), '--data', data, '--json');
    expect(await check()).toMatchObject({ code: 1, lines: [{ signature: { status: 'untrusted' } }] });
    copyFileSync(at('ca-root.der'), path.join(data, 'counter', 'trust', 'root.der'));
    expect(await check()).toMatchObject({ code: 0, lines: [{ signature: { status: 'valid' } }] });
  });

  test('inspect says a field once, however often it stands in the file', async () => {
    const { text } = await run('inspect', at('syn-cert-sesv4-valid.ofd'));
    expect(text.match(/ZZMC: 营业执照/g)).toHaveLength(1);
  });

  test('inspect tells pages, fields and attachments, and refuses what it cannot open', async () => {
    const { code, lines } = await run('inspect', at('999.ofd'), at('rotation.pdf'), at('hostile-zip-bomb.ofd'), '--json');
    expect(code).toBe(1);
    expect(lines).toMatchObject([
      { pages: 5, fields: expect.arrayContaining([{ source: 'custom-data', name: '发票号码', value: '12235358' }, { source: 'custom-tag', name: 'BuyerName', value: '个人' }]), signature: { status: 'untrusted' } },
      { format: 'PDF', pages: 2, signature: { status: 'none', count: 0 } },
      { error: { code: 'file/damaged', detail: 'package/entry-too-large' } },
    ]);
  });

  test('inspect tells all that the truth of the samples names, in its words', async () => {
    const { lines } = await run('inspect', at('999.ofd'), at('attachment.pdf'), at('print_protection.pdf'), at('hostile-truncated.ofd'), '--json');
    const [size, tall] = [{ width: 210, height: 140 }, { width: 210, height: 297 }];
    expect(lines).toMatchObject([
      {
        kind: 'ofd', sizes: [size, tall, tall, tall, tall], documents: [{ pages: 5, versions: [] }], fonts: expect.arrayContaining([{ name: 'Courier New', embedded: false }]),
        features: ['alpha', 'annotations', 'attachment', 'custom tags', 'png', 'seal stamp', 'template'], restrictions: [], links: [], properties: { producer: 'Huhuang Software' },
      },
      { kind: 'pdf', pages: 1, features: expect.arrayContaining(['attachments']), attachments: [{ name: expect.any(String), bytes: expect.any(Number) }] },
      { kind: 'pdf', pages: 0, error: { code: 'file/unsupported-format' }, signature: { status: 'none' } },
      { kind: 'ofd', pages: 0, error: { detail: 'package/not-a-zip' }, signature: { status: 'n/a', count: 0 } },
    ]);
  });

  test('each document and version of a package can be asked for', async () => {
    const file = path.join(folder, 'two.ofd');
    const second = '<DocBody><DocInfo><Title>Second</Title></DocInfo><DocRoot>Doc_1/Document.xml</DocRoot></DocBody>';
    const other = '<Document><CommonData><PageArea><PhysicalBox>0 0 50 60</PhysicalBox></PageArea></CommonData><Pages><Page ID="1" BaseLoc="/Doc_0/Pages/0.xml"/></Pages></Document>';
    writeFileSync(file, makeDocument({ pages: ['', ''], bodies: second, files: { 'Doc_1/Document.xml': other } }));
    expect((await run('inspect', file, '--json')).lines).toMatchObject([{ pages: 2, documents: [{ title: 'Made', pages: 2 }, { title: 'Second', pages: 1 }] }]);
    expect((await run('inspect', file, '--document', '2', '--json')).lines).toMatchObject([{ pages: 1, title: 'Second', sizes: [{ width: 50, height: 60 }] }]);
    expect((await run('render', file, '--document', '2', '--out', folder, '--json')).lines).toMatchObject([{ pages: 1, rendered: [{ width: 189, height: 227 }] }]);
    expect(await run('inspect', file, '--document', '3', '--json')).toMatchObject({ code: 1, lines: [{ error: { detail: 'document/not-ofd' } }] });
    expect(await run('inspect', file, '--doc-version', '9', '--json')).toMatchObject({ code: 1, lines: [{ error: { detail: 'document/no-version' } }] });
  });

  test('an encrypted package is named as one', async () => {
    const file = path.join(folder, 'encrypted.ofd');
    writeFileSync(file, makeDocument({ pages: [], body: '', files: { 'Encryptions.xml': '<Encryptions/>', 'OFD.xml': '<OFD><DocBody><DocRoot>Doc_9/Document.xml</DocRoot></DocBody></OFD>' } }));
    expect((await run('inspect', file, '--json')).lines).toMatchObject([{ error: { detail: 'package/encrypted' } }]);
  });

  test('annotate makes a copy whose signature verifies and whose page is marked', async () => {
    const out = path.join(folder, 'copy.pdf');
    expect(await run('annotate', at('helloworld.ofd'), '--out', out, '--record', 'R-7', '--json')).toMatchObject({ code: 0, lines: [{ pages: 1, recordId: 'R-7' }] });
    expect(await run('verify', out, '--json')).toMatchObject({ lines: [{ signature: { integrity: 'valid', status: 'untrusted' } }] });
    expect(await run('trace', out, '--json')).toMatchObject({ code: 0, lines: [{ recordId: 'R-7' }] });
    expect(await run('trace', at('helloworld.ofd'), '--json')).toMatchObject({ code: 1, lines: [{ recordId: null, digest: null }] });
    // A page that cannot be drawn is not one without a mark.
    expect(await run('trace', at('hostile-huge-page.ofd'), '--json')).toMatchObject({ code: 1, lines: [{ error: { code: 'file/damaged', detail: 'page size' } }] });
  });

  test('trace says the record, or of a mark that holds a digest whether it is the record asked for', async () => {
    const [plain, digest] = [path.join(folder, 'plain.png'), path.join(folder, 'digest.png')];
    writeFileSync(plain, drawMarked('PD-2026-7'));
    writeFileSync(digest, drawMarked('业务-2026-7'));
    expect(await run('trace', plain, '--record', 'PD-2026-8', '--json')).toMatchObject({ code: 1, lines: [{ recordId: 'PD-2026-7', digest: null }] });
    expect(await run('trace', digest, '--record', '业务-2026-7', '--json')).toMatchObject({ code: 0, lines: [{ recordId: '业务-2026-7' }] });
    expect(await run('trace', digest, '--record', '业务-2026-8', '--json')).toMatchObject({ code: 1, lines: [{ recordId: null, digest: expect.stringMatching(/^[0-9a-f]{20,}$/) }] });
  });

  test('an unknown action and a file that is not there', async () => {
    expect((await run('paint', at('999.ofd'))).code).toBe(2);
    expect(await run('verify', path.join(folder, 'none.pdf'), '--json')).toMatchObject({ code: 1, lines: [{ error: { code: 'file/not-found' } }] });
  });
});

/** A white page with the mark, as it would leave a scanner: 4 by 4 tiles of 48 mm at 85 dpi. */
function drawMarked(recordId: string): Uint8Array {
  const [side, width] = [160, 640];
  const tile = drawTraceTile(recordId, side);
  const data = Uint8Array.from({ length: width * width }, (_, i) => tile[(Math.floor(i / width) % side) * side + (i % side)] ?? 255);
  return PNG.sync.write({ width, height: width, data }, { colorType: 0, inputColorType: 0, inputHasAlpha: false });
}
