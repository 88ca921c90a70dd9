import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openTrustStore } from '../../main/documents/trust-anchors.ts';
import { permittedRoles } from '../../main/handlers/roles.table.ts';
import { makeTestSigner } from './documents/test-signer.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'trust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open = () => openTrustStore({ folder: path.join(folder, 'trust'), writeFile: writeFileSync });

test('certificates are taken in as DER and PEM, once each, and taken out again', () => {
  const store = open();
  expect(store.list()).toEqual([]);
  const { certificate } = makeTestSigner('样例单位');
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  const added = store.add(certificate);
  expect(store.add(new Uint8Array(Buffer.from(pem)))).toEqual(added);
  expect(open().list().map((anchor) => anchor.certificate.subjectName.common)).toEqual(['样例单位']);
  expect(readdirSync(path.join(folder, 'trust'))).toHaveLength(1);
  if (!added.ok) throw new Error(added.failure.code);
  expect(store.remove('../../etc/passwd')).toBe(false);
  expect(store.remove(added.value.id)).toBe(true);
  expect(store.list()).toEqual([]);
});

test('what is no certificate is refused, and passed over in the folder', () => {
  const store = open();
  expect(store.add(new Uint8Array(100))).toMatchObject({ ok: false, failure: { code: 'file/damaged' } });
  expect(store.add(new Uint8Array(200_000))).toMatchObject({ ok: false });
  writeFileSync(path.join(folder, 'trust', 'broken.cer'), 'not a certificate');
  expect(store.list()).toEqual([]);
});

test('a list of revoked certificates is read again only when its file has changed', () => {
  const store = open();
  const at = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Root', '-days', '60');
  writeFileSync(at('ca.cnf'), `[ca]\ndefault_ca = c\n[c]\ndatabase = ${at('index')}\ncrlnumber = ${at('number')}\ndefault_md = sha256\ndefault_crl_days = 30\n`);
  writeFileSync(at('index'), '');
  writeFileSync(at('number'), '01\n');
  const issue = (file: string): void => openssl('ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-gencrl', '-out', file);
  expect(store.revocationLists()).toEqual([]);
  issue('trust/one.crl');
  writeFileSync(path.join(folder, 'trust', 'broken.crl'), 'no list');
  const [first, ...others] = store.revocationLists();
  expect(others).toEqual([]);
  expect(first).toBeInstanceOf(Uint8Array);
  expect(store.revocationLists()[0]).toBe(first);
  issue('next.crl');
  writeFileSync(at('trust/one.crl'), Buffer.concat([readFileSync(at('next.crl')), Buffer.from('\n')]));
  const [second] = store.revocationLists();
  expect(second).toBeInstanceOf(Uint8Array);
  expect(second).not.toEqual(first);
  rmSync(at('trust/one.crl'));
  expect(store.revocationLists()).toEqual([]);
});

test('only an administrator changes whom the counter trusts', () => {
  expect(permittedRoles['trust.list']).toContain('operator');
  expect([permittedRoles['trust.add'], permittedRoles['trust.remove']]).toEqual([['administrator'], ['administrator']]);
});
