import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { fail, ok, type Failure, type Result } from '../../domain/failure.ts';
import { printVisibleText } from '../../domain/text-safety.ts';
import type { SignatureReport } from '../../ofd/index.ts';
import { createDocumentWork } from '../documents/document-work.ts';
import type { FileContents } from '../documents/file-contents.ts';
import type { SignatureResult } from '../documents/signature-check.ts';
import { listRestrictions } from '../documents/file-restrictions.ts';
import { openTrustStore, readAnchor, readRevocationFile, type TrustStore } from '../documents/trust-anchors.ts';
import type { Call, Outcome } from './command.ts';
import { findDataFolder, foldersIn } from './data-folder.ts';
import { choiceOf, readDocumentFile } from './document-file.ts';
import { printFailure } from './failure-words.ts';
import { stateWords, stepWords } from './signature-words.table.ts';


/** `document inspect` and `document verify`: what is in a file, and what its signatures are worth. */
export async function inspectDocument(call: Call, file: string): Promise<Outcome> {
  const isVerify = call.operands[0] === 'verify';
  const started = performance.now();
  const anchors = await collectAnchors(call);
  const revocationLists = await collectLists(call);
  if (!revocationLists.ok) return { usage: `--crl ${revocationLists.failure.detail ?? ''}: not a list of revoked certificates.` };
  if (!anchors.ok) return { usage: `--anchor ${anchors.failure.detail ?? ''}: not a certificate.` };
  const read = await readDocumentFile(path.resolve(file));
  if (!read.ok) return complain(call, { file, ms: elapsed(started) }, read.failure);
  const { bytes, format } = read.value;
  const known = { file, kind: format.toLowerCase(), format, bytes: bytes.length, sm3: encodeHex(sm3(bytes)) };
  const asked = { ...read.value, choice: choiceOf(call) };
  const work = createDocumentWork();
  const contents = await work.describe(asked);
  // What is locked by a password is signed in the open.
  const isLocked = !contents.ok && contents.failure.code === 'file/unsupported-format';
  const checked = contents.ok || isVerify || isLocked ? await work.verify({ ...asked, anchors: anchors.value, revocationLists: revocationLists.value, now: Date.now() }) : contents;
  await work.close();
  if (!checked.ok) return complain(call, { ...known, ms: elapsed(started) }, checked.failure);
  const { state: status, integrity, signatures } = checked.value;
  call.output.record({
    ...known,
    ...(contents.ok ? { ...contents.value, restrictions: listRestrictions(contents.value, Date.now()) } : { pages: 0, error: contents.failure }),
    signature: { status, integrity, count: signatures.length },
    signatures: signatures.map(toRecord),
    ms: elapsed(started),
  });
  if (contents.ok && !isVerify) sayContents(call, file, contents.value);
  if (!contents.ok && !isVerify) call.output.say(`${file}: ${printFailure(contents.failure)}`);
  saySignatures(call, file, checked.value);
  if (!isVerify && !contents.ok) return 'failed';
  return isVerify && status !== 'valid' ? 'failed' : 'done';
}

/** A file that cannot be read is told with everything that is known of it, and nothing is said of signatures: `n/a`. */
function complain(call: Call, known: { readonly file: string; readonly ms: number }, failure: Failure): Outcome {
  call.output.say(`${known.file}: ${printFailure(failure)}`);
  call.output.record({ ...known, pages: 0, error: failure, signature: { status: 'n/a', integrity: 'n/a', count: 0 }, signatures: [] });
  return 'failed';
}

function elapsed(started: number): number {
  return Math.round((performance.now() - started) * 10) / 10;
}

async function collectAnchors(call: Call): Promise<Result<Uint8Array[]>> {
  const anchors: Uint8Array[] = [];
  for (const name of call.texts('anchor')) {
    const anchor = readAnchor(new Uint8Array(await readFile(path.resolve(name)).catch(() => Buffer.alloc(0))));
    if (anchor === null) return fail('file/damaged', name);
    anchors.push(anchor.certificate.der);
  }
  return ok([...anchors, ...trustOf(call).list().map(({ certificate }) => certificate.der)]);
}

async function collectLists(call: Call): Promise<Result<Uint8Array[]>> {
  const lists: Uint8Array[] = [...trustOf(call).revocationLists()];
  for (const name of call.texts('crl')) {
    const list = readRevocationFile(new Uint8Array(await readFile(path.resolve(name)).catch(() => Buffer.alloc(0))));
    if (list === null) return fail('file/damaged', name);
    lists.push(list);
  }
  return ok(lists);
}

// What an administrator imported in the window counts here too.
function trustOf(call: Call): TrustStore {
  return openTrustStore({ folder: path.join(foldersIn(call.dataFolder ?? findDataFolder()).counter, 'trust'), writeFile: () => {} });
}

function toRecord(report: SignatureReport) {
  const { id, kind, state, integrity, signer, signedAt, timestamp, seal, covered, notCovered, findings } = report;
  return {
    id, kind, state, integrity,
    signer: signer === null ? null : { name: signer.name, organisation: signer.organisation, issuer: signer.issuer, serial: signer.serial, notBefore: printTime(signer.notBefore), notAfter: printTime(signer.notAfter) },
    signedAt: signedAt === null ? null : printTime(signedAt),
    timestamp: timestamp === null ? null : { ...timestamp, at: timestamp.at === null ? null : printTime(timestamp.at) },
    seal: seal === null ? null : { name: seal.name, type: seal.picture.type, widthMm: seal.picture.width, heightMm: seal.picture.height },
    covered, notCovered,
    findings: findings.map((finding) => ({ ...finding, says: stepWords[finding.step] })),
  };
}

function sayContents({ output }: Call, file: string, { pages, title, fields, attachments, documents, links }: FileContents): void {
  output.say(`${file}: ${pages} ${pages === 1 ? 'page' : 'pages'}${title === null ? '' : `, ${printVisibleText(title, 200)}`}`);
  for (const [index, { title: name, pages: count, refused, versions }] of documents.entries()) {
    if (documents.length > 1) output.say(`  document ${index + 1}: ${count ?? refused} pages${name === null ? '' : `, ${printVisibleText(name, 200)}`}`);
    for (const { id, name: called, created, current } of versions) output.say(`  version ${printVisibleText(id, 40)}${current ? ' (current)' : ''}: ${printVisibleText([called, created].join(' '), 100)}`);
  }
  // The same field often stands in two places of a file.
  for (const line of new Set(fields.map(({ name, value }) => `  ${printVisibleText(name, 60)}: ${printVisibleText(value, 200)}`))) output.say(line);
  for (const { name } of attachments) output.say(`  attachment ${printVisibleText(name, 200)}`);
  for (const { kind, target } of links) if (kind === 'address' && target !== null) output.say(`  address (not followed) ${printVisibleText(target, 200)}`);
}

function saySignatures({ output }: Call, file: string, { signatures }: SignatureResult): void {
  if (signatures.length === 0) output.say(`${file}: no signature`);
  for (const { id, kind, state, signer, signedAt, findings } of signatures) {
    const who = signer === null ? '' : `, ${printVisibleText(signer.name, 120)} (issued by ${printVisibleText(signer.issuer, 120)})`;
    output.say(`${file}: signature ${id} ${kind}: ${stateWords[state]}${who}${signedAt === null ? '' : `, ${printTime(signedAt)}`}`);
    for (const { step, effect, detail } of findings) output.say(`  ${effect === 'note' ? '·' : '✗'} ${stepWords[step]}${detail === undefined ? '' : ` (${printVisibleText(detail, 120)})`}`);
  }
}

function printTime(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
