import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

test('only an administrator changes whom the counter trusts', () => {
  expect(permittedRoles['trust.list']).toContain('operator');
  expect([permittedRoles['trust.add'], permittedRoles['trust.remove']]).toEqual([['administrator'], ['administrator']]);
});
