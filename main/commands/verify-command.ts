import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { App } from '../app.ts';
import { createImageReader } from '../devices/image-reader.ts';
import type { Call, Command, Outcome } from './command.ts';
import { findDataFolder, foldersIn } from './data-folder.ts';
import { printFailure } from './failure-words.ts';
import { readPictureFile } from './picture-file.ts';

/** `counter verify`: one code against a running platform. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'verify one code against a running platform',
  operands: { usage: '[IMAGE]', least: 0, most: 1 },
  options: {
    code: { kind: 'text', value: 'TEXT', says: 'the content of the code' },
    image: { kind: 'text', value: 'FILE', says: 'a picture of the code (PNG, JPEG); the same as IMAGE' },
    platform: { kind: 'text', value: 'URL', says: 'where the platform is, when not where it was at enrolment' },
    enrol: { kind: 'text', value: 'CODE', says: 'enrol with this code first; without --data for this call only' },
    matter: { kind: 'text', value: 'CODE', says: 'the matter (事项) that the code is verified for (the one last used)' },
  },
  notes: [
    'Give the code as --code or as a picture. The counter of the data folder must be enrolled, or be enrolled now with --platform and --enrol.',
    'The call is written to the audit of the data folder like any scan. Personal data is masked. Exit code 0 only for a verified code.',
  ],
  examples: [
    { line: 'counter verify photo.jpg', says: 'with the counter enrolled on this machine' },
    { line: 'counter verify --code 9131… --platform http://127.0.0.1:8710 --enrol C5DK-…', says: 'with a counter made for this call' },
  ],
  run: async (call) => {
    const problem = findProblem(call);
    if (problem !== null) return { usage: problem };
    const scratch = call.dataFolder === null && call.text('enrol') !== null ? mkdtempSync(path.join(os.tmpdir(), 'counter-verify-')) : null;
    try {
      return await verify(call, foldersIn(scratch ?? call.dataFolder ?? findDataFolder()).counter);
    } finally {
      if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
    }
  },
};

function findProblem({ operands, text }: Call): string | null {
  const given = [text('code'), text('image'), operands[0] ?? null].filter((source) => source !== null);
  if (given.length !== 1) return given.length === 0 ? 'There is nothing to verify: give --code TEXT or a picture.' : 'Give one code: --code, --image or a file.';
  if (text('enrol') !== null && text('platform') === null) return '--enrol needs --platform URL.';
  const url = text('platform');
  return url !== null && !/^https?:$/.test(URL.parse(url)?.protocol ?? '') ? '--platform must be an http or https address.' : null;
}

async function verify(call: Call, dataDir: string): Promise<Outcome> {
  const complain = (failure: Parameters<typeof printFailure>[0]): Outcome => {
    call.output.complain(printFailure(failure));
    return 'failed';
  };
  const content = await readContent(call);
  if (!content.ok) return complain(content.failure);
  const { startUnattended } = await import('./counter-app.ts');
  const url = call.text('platform');
  const started = await startUnattended({ dataDir, ...(url === null ? {} : { platform: { url } }) });
  if (!started.ok) return complain(started.failure);
  const app = started.value;
  try {
    const ready = await prepare(app, call);
    if (!ready.ok) return complain(ready.failure);
    const { awaitVerdict } = await import('./scanning.ts');
    const granted = await awaitVerdict(app, { source: 'image', device: 'command line', ...content.value });
    if (!granted.ok) return complain(granted.failure);
    const { describeVerdict } = await import('../handlers/verdict-view.ts');
    const { printVerdict } = await import('./verdict-print.ts');
    const verdict = describeVerdict(granted.value, app.now());
    for (const line of printVerdict(verdict)) call.output.say(line);
    call.output.record(verdict);
    return verdict.state === 'verified' ? 'done' : 'failed';
  } finally {
    await app.close();
  }
}

async function readContent(call: Call): Promise<Result<{ bytes: Uint8Array; symbology?: string }>> {
  const text = call.text('code');
  if (text !== null) return ok({ bytes: encodeUtf8(text) });
  const picture = await readPictureFile(path.resolve(call.text('image') ?? call.operands[0] ?? ''));
  if (!picture.ok) return picture;
  const codes = await createImageReader().readCodes(picture.value, { linear: true });
  if (!codes.ok) return codes;
  const [code, second] = codes.value;
  if (code === undefined) return fail('scan/no-code-in-image');
  return second === undefined ? ok({ bytes: code.bytes, symbology: code.symbology }) : fail('scan/several-codes');
}

/** Enrolled, and with a case open for the matter. */
async function prepare(app: App, call: Call): Promise<Result<null>> {
  await app.ready;
  const [url, enrolmentCode, matterCode] = [call.text('platform'), call.text('enrol'), call.text('matter')];
  if (url !== null && enrolmentCode !== null) {
    const enrolled = await app.enrol({ url, enrolmentCode });
    if (!enrolled.ok) return enrolled;
  }
  if (app.link.client() === null) return fail('remote/not-enrolled');
  if (matterCode === null) return openNextCase(app);
  const matter = app.matters.find(matterCode);
  const [useFor] = matter?.purposes ?? [];
  if (matter === null || useFor === undefined) return fail('case/field-missing', `no matter ${matterCode}`);
  const opened = await app.cases.open({ matter, useFor });
  return opened.ok ? ok(null) : opened;
}

/** Every call is a case of its own: the same one-time code in the same case would be the same request, not a second use. */
async function openNextCase(app: App): Promise<Result<null>> {
  const current = app.cases.current();
  if (current?.scans === 0) return ok(null);
  const next = await app.cases.next();
  return next.ok ? ok(null) : next;
}
