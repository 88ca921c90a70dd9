import { execFileSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDer, writeObjectId, writeSequence, writeSet } from '../../../main/documents/der-writing.ts';
import { verifyForeignSignature } from '../../../main/documents/foreign-signature.ts';
import { checkSignatures } from '../../../main/documents/signature-check.ts';
import { readAnchor, readRevocationFile } from '../../../main/documents/trust-anchors.ts';
import { derBytes, openDer, parseDer } from '../../../ofd/der-tree.ts';
import { parseRevocationList } from '../../../ofd/revocation.ts';
import type { ElectronicSeal, SealSignature } from '../../../ofd/electronic-seal.ts';
import { checkSealSignature } from '../../../ofd/seal-check.ts';
import { checkSignedData, checkTimestamp } from '../../../ofd/signed-data-check.ts';
import { parseSignedData } from '../../../ofd/signed-data.ts';
import type { SignatureTrust } from '../../../ofd/signer-check.ts';

/** OpenSSL is the authority here: it makes the certificates, the messages, the time stamps and the lists. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'stamps-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)));
const data = new TextEncoder().encode('certificate');

beforeAll(() => {
  writeFileSync(at('ca.cnf'), `[ca]\ndefault_ca = c\n[c]\ndatabase = ${at('index')}\nserial = ${at('serial')}\ncrlnumber = ${at('crlnumber')}\nnew_certs_dir = ${folder}\ndefault_md = sha256\ndefault_days = 30\ndefault_crl_days = 30\npolicy = p\n[p]\ncommonName = supplied\n[signer]\nkeyUsage = digitalSignature\n[tsa]\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n[tsa_config]\nserial = ${at('tsaserial')}\ncrypto_device = builtin\nsigner_cert = ${at('tsa.pem')}\nsigner_key = ${at('tsa.key')}\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\ncerts = ${at('tsa.pem')}\n[tsa_default]\ndefault_tsa = tsa_config\n`);
  for (const [name, content] of [['index', ''], ['index.attr', ''], ['serial', '01\n'], ['crlnumber', '01\n'], ['tsaserial', '01\n']] as const) writeFileSync(at(name), content);
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Root', '-days', '60', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  for (const name of ['signer', 'tsa']) {
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl('ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', `${name}.csr`, '-out', `${name}.pem`, '-extensions', name, '-notext');
  }
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'other-ca.key', '-out', 'other-ca.pem', '-subj', '/CN=Other', '-days', '60', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'other.key', '-out', 'other.csr', '-subj', '/CN=maker');
  openssl('x509', '-req', '-in', 'other.csr', '-CA', 'other-ca.pem', '-CAkey', 'other-ca.key', '-CAcreateserial', '-days', '30', '-out', 'other.pem');
  writeFileSync(at('data'), data);
  openssl('cms', '-sign', '-binary', '-in', 'data', '-signer', 'signer.pem', '-inkey', 'signer.key', '-outform', 'DER', '-out', 'message.der', '-md', 'sha256');
  stamp('value', parseSignedData(read('message.der'))!.signers[0]!.signature);
  openssl('ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-gencrl', '-out', 'good.crl');
  openssl('ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-revoke', 'signer.pem');
  openssl('ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-gencrl', '-out', 'bad.crl');
}, 60_000);

/** NAME.tst: a token over the bytes. */
function stamp(name: string, bytes: Uint8Array): void {
  writeFileSync(at(name), bytes);
  openssl('ts', '-query', '-data', name, '-sha256', '-cert', '-out', `${name}.tsq`);
  openssl('ts', '-reply', '-config', 'ca.cnf', '-section', 'tsa_config', '-queryfile', `${name}.tsq`, '-token_out', '-out', `${name}.tst`);
}

/** When the certificates are made for sure. */
const afterwards = Date.now() + 3_600_000;

/** A seal that MAKER made and `tsa` used, both with keys of OpenSSL. */
function sealBy(maker: string, digest: Uint8Array): SealSignature {
  const der = (name: string): Uint8Array => readAnchor(read(`${name}.pem`))!.certificate.der;
  const signed = (key: string, message: Uint8Array) => ({ algorithm: '1.2.840.10045.4.3.2', signature: new Uint8Array(sign('sha256', message, readFileSync(at(`${key}.key`)))) });
  const seal: ElectronicSeal = {
    der: Uint8Array.of(1), sealId: '1', vendor: '', name: 'seal', signerList: 'certificates', signers: [der('tsa')], validFrom: 0, validTo: now + 1e9,
    picture: { type: 'png', bytes: Uint8Array.of(), width: 1, height: 1 },
    maker: { certificate: der(maker), signed: Uint8Array.of(7), ...signed(maker, Uint8Array.of(7)) },
  };
  return { version: 'v4', seal, toBeSigned: digest, signedAt: afterwards, dataHash: digest, certificate: der('tsa'), timestamp: null, encodedSignature: Uint8Array.of(), ...signed('tsa', digest) };
}

/** The message with lists of revoked certificates (RFC 5652, 5.1). */
function withLists(lists: readonly Uint8Array[]): Uint8Array {
  const [type, wrapper] = openDer(parseDer(read('message.der'))!)!;
  const fields = openDer(openDer(wrapper, 0xa0)![0])!;
  return writeSequence(derBytes(type!), writeDer(0xa0, writeSequence(...fields.slice(0, -1).map(derBytes), writeDer(0xa1, ...lists), derBytes(fields.at(-1)!))));
}

/** The message with a token as an unsigned attribute (RFC 3161, appendix A). */
function withToken(token: Uint8Array): Uint8Array {
  const [type, wrapper] = openDer(parseDer(read('message.der'))!)!;
  const fields = openDer(openDer(wrapper, 0xa0)![0])!;
  const info = openDer(openDer(fields.at(-1), 0x31)![0])!;
  const attribute = writeSequence(writeObjectId('1.2.840.113549.1.9.16.2.14'), writeSet(token));
  const signers = writeSet(writeSequence(...info.map(derBytes), writeDer(0xa1, attribute)));
  return writeSequence(derBytes(type!), writeDer(0xa0, writeSequence(...fields.slice(0, -1).map(derBytes), signers)));
}

const now = Date.now();
function trust(more: Partial<SignatureTrust> = {}): SignatureTrust {
  return { anchors: [readAnchor(read('ca.pem'))!.certificate], now, verifyForeign: verifyForeignSignature, ...more };
}
const check = (message: Uint8Array, more: Partial<SignatureTrust> = {}) => checkSignedData(parseSignedData(message)!, { data, claimedAt: null }, trust(more));
const steps = ({ findings }: ReturnType<typeof check>): string[] => findings.map(({ step }) => step);

describe('a time stamp (RFC 3161)', () => {
  test('holds over the value that it was made for, and takes the place of the claim', () => {
    const checked = check(withToken(read('value.tst')));
    expect(checked.timestamp).toMatchObject({ authority: 'tsa', state: 'valid' });
    expect(Math.abs((checked.timestamp?.at ?? 0) - now)).toBeLessThan(120_000);
    expect(checked.signedAt).toBe(checked.timestamp?.at);
    expect(steps(checked)).toEqual(['timestamp', 'revocation-unchecked']);
    expect(steps(check(read('message.der')))).toEqual(['time-claimed', 'revocation-unchecked']);
  });

  test('says so when nobody here vouches for its authority', () => {
    expect(checkTimestamp(read('value.tst'), [read('value')], trust({ anchors: [] }))).toMatchObject({ state: 'untrusted', authority: 'tsa' });
  });

  test('over another value, by a key that is not for it, or changed, is none', () => {
    expect(checkTimestamp(read('value.tst'), [Uint8Array.of(1)], trust()).state).toBe('invalid');
    // The signer's own message in the place of a token.
    expect(checkTimestamp(read('message.der'), [data], trust()).state).toBe('invalid');
    const token = read('value.tst');
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = token.slice();
        changed[index] = (changed[index] ?? 0) ^ change;
        const { state, at: time } = checkTimestamp(changed, [read('value')], trust());
        // What is not signed may change; the time may not.
        expect(state !== 'valid' || time === checkTimestamp(token, [read('value')], trust()).at).toBe(true);
      }),
      { numRuns: 300 },
    );
    const checked = check(withToken(checkedOver(Uint8Array.of(1, 2, 3))));
    expect(checked.timestamp?.state).toBe('invalid');
    expect(steps(checked)).toEqual(['timestamp-invalid', 'time-claimed', 'revocation-unchecked']);
  });
});

/** A PDF with nothing but a time stamp in a signature's place (ISO 32000-2, 12.8.5). */
function stampedPdf(): Uint8Array {
  const room = 16_384;
  const digits = (value: number): string => String(value).padStart(10, '0');
  const head = '%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n3 0 obj\n<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161';
  const tail = '>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
  const range = (from: number): string => `/ByteRange [${digits(0)} ${digits(from)} ${digits(from + room + 2)} ${digits(tail.length)}]/Contents `;
  const before = head + range(head.length + range(0).length);
  stamp('pdf', Buffer.from(before + tail, 'latin1'));
  return new Uint8Array(Buffer.from(`${before}<${Buffer.from(read('pdf.tst')).toString('hex').padEnd(room, '0')}>${tail}`, 'latin1'));
}

test('a time stamp in a signature’s place says when a file was there, and makes no file a signed one', async () => {
  const file = stampedPdf();
  const checked = await checkSignatures({ bytes: file, format: 'PDF' }, { anchors: trust().anchors, now });
  expect(checked).toMatchObject({ ok: true, value: { state: 'unverifiable', integrity: 'unverifiable', signatures: [{ kind: 'ETSI.RFC3161', timestamp: { state: 'valid', authority: 'tsa' } }] } });
  const changed = Uint8Array.from(file, (byte, index) => (index === 6 ? byte + 1 : byte));
  expect(await checkSignatures({ bytes: changed, format: 'PDF' }, { anchors: trust().anchors, now })).toMatchObject({ value: { state: 'invalid' } });
});

function checkedOver(bytes: Uint8Array): Uint8Array {
  stamp('other', bytes);
  return read('other.tst');
}

const list = (name: string) => parseRevocationList(readRevocationFile(read(name))!)!;

describe('a list of revoked certificates', () => {

  test('clears who is not in it, and condemns who is', () => {
    const message = read('message.der');
    expect(steps(check(message, { revocationLists: [list('good.crl')] }))).toEqual(['time-claimed', 'revocation-checked']);
    const revoked = check(message, { revocationLists: [list('good.crl'), list('bad.crl')] });
    expect(revoked.findings).toContainEqual(expect.objectContaining({ step: 'revoked', effect: 'invalid' }));
  });

  test('that came later than a trusted time stamp leaves the signature standing', () => {
    const late = { ...list('bad.crl'), revoked: new Map([...list('bad.crl').revoked].map(([serial]) => [serial, now + 3_600_000])) };
    expect(steps(check(withToken(read('value.tst')), { revocationLists: [late] }))).toEqual(['timestamp', 'revoked-since']);
    expect(steps(check(read('message.der'), { revocationLists: [late] }))).toContain('revoked');
  });

  test('that its issuer did not sign, or that is out of date, says nothing', () => {
    const forged = { ...list('bad.crl'), signature: Uint8Array.of(1) };
    expect(steps(check(read('message.der'), { revocationLists: [forged] }))).toContain('revocation-unchecked');
    const old = { ...list('good.crl'), thisUpdate: 0, nextUpdate: 1 };
    expect(steps(check(read('message.der'), { revocationLists: [old] }))).toContain('revocation-unchecked');
  });

  test('is looked up for the maker of a seal as well as for its signer', () => {
    const digest = Uint8Array.of(1, 2, 3);
    const sealed = (maker: string): readonly string[] => checkSealSignature(sealBy(maker, digest), digest, trust({ revocationLists: [list('bad.crl')] })).findings.map(({ step, effect }) => `${step}: ${effect}`);
    expect(sealed('tsa')).toEqual(['time-claimed: note', 'revocation-checked: note']);
    expect(sealed('signer')).toEqual(['maker-revoked: invalid', 'time-claimed: note', 'revocation-checked: note']);
    // Who made it nobody can say for sure: then the seal is not checked.
    const unlisted = checkSealSignature(sealBy('other', digest), digest, trust({ anchors: [...trust().anchors, readAnchor(read('other-ca.pem'))!.certificate], revocationLists: [list('bad.crl')] }));
    expect(unlisted.findings.map(({ step }) => step)).toEqual(['time-claimed', 'revocation-unchecked']);
  });

  test('comes with a message a hundred times at most', () => {
    const many = (count: number) => parseSignedData(withLists(Array.from({ length: count }, () => readRevocationFile(read('good.crl'))!)))!;
    expect(many(3).revocationLists).toHaveLength(3);
    expect(many(500).revocationLists).toHaveLength(100);
  });

  test('changed anywhere, it is read as a list or as none', () => {
    const bytes = readRevocationFile(read('bad.crl'))!;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (index, value) => {
        const changed = bytes.slice();
        changed[index] = value;
        const parsed = parseRevocationList(changed);
        expect(parsed === null || parsed.revoked.size <= 10).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
