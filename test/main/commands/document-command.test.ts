import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../../main/commands/command-line.ts';
import { documentCommand } from '../../../main/commands/document-command.ts';
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

  test('inspect tells pages, fields and attachments, and refuses what it cannot open', async () => {
    const { code, lines } = await run('inspect', at('999.ofd'), at('rotation.pdf'), at('hostile-zip-bomb.ofd'), '--json');
    expect(code).toBe(1);
    expect(lines).toMatchObject([
      { pages: 5, fields: expect.arrayContaining([{ source: 'custom-data', name: '发票号码', value: '12235358' }, { source: 'custom-tag', name: 'BuyerName', value: '个人' }]), signature: { status: 'untrusted' } },
      { format: 'PDF', pages: 2, signature: { status: 'none', count: 0 } },
      { error: { code: 'file/damaged', detail: 'package/entry-too-large' } },
    ]);
  });

  test('annotate makes a copy whose signature verifies and whose page is marked', async () => {
    const out = path.join(folder, 'copy.pdf');
    expect(await run('annotate', at('helloworld.ofd'), '--out', out, '--record', 'R-7', '--json')).toMatchObject({ code: 0, lines: [{ pages: 1, recordId: 'R-7' }] });
    expect(await run('verify', out, '--json')).toMatchObject({ lines: [{ signature: { integrity: 'valid', status: 'untrusted' } }] });
  });

  test('an unknown action and a file that is not there', async () => {
    expect((await run('paint', at('999.ofd'))).code).toBe(2);
    expect(await run('verify', path.join(folder, 'none.pdf'), '--json')).toMatchObject({ code: 1, lines: [{ error: { code: 'file/not-found' } }] });
  });
});
