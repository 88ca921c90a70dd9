import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyForeignSignature } from '../../main/documents/foreign-signature.ts';
import { findChain } from '../../ofd/certificate-trust.ts';
import { verifyNothingForeign } from '../../ofd/signature-value.ts';
import { parseCertificate, type X509Certificate } from '../../ofd/x509-certificate.ts';

const id = 'distid:1234567812345678';
const authority = 'basicConstraints=critical,CA:TRUE,pathlen:1\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n';
const leaf = 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n';
let folder = '';

// Certificates are made by OpenSSL: ours only reads and checks them.
function make(name: string, issuer: string | null, extensions: string, subject = name, algorithm: readonly string[] = ['-algorithm', 'SM2']): X509Certificate {
  const at = (file: string): string => path.join(folder, file);
  const run = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const isSm2 = algorithm.includes('SM2');
  const sign = isSm2 ? ['-sm3', '-sigopt', id] : algorithm.includes('ed25519') ? [] : ['-sha256'];
  run('genpkey', ...algorithm, '-out', at(`${name}.key`));
  writeFileSync(at(`${name}.cnf`), `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions}`);
  const by = issuer === null ? [] : ['-CA', at(`${issuer}.crt`), '-CAkey', at(`${issuer}.key`)];
  run('req', '-new', '-key', at(`${name}.key`), ...sign, '-subj', `/C=CN/O=测试/CN=${subject}`, '-utf8', '-config', at(`${name}.cnf`), '-out', at(`${name}.csr`));
  if (issuer === null) run('req', '-x509', '-new', '-key', at(`${name}.key`), ...sign, '-days', '900', '-subj', `/C=CN/O=测试/CN=${subject}`, '-utf8', '-config', at(`${name}.cnf`), '-extensions', 'ext', '-out', at(`${name}.crt`));
  else run('x509', '-req', '-in', at(`${name}.csr`), ...by, ...sign, ...(isSm2 ? ['-vfyopt', id] : []), '-CAcreateserial', '-days', '800', '-extfile', at(`${name}.cnf`), '-extensions', 'ext', '-out', at(`${name}.crt`));
  run('x509', '-in', at(`${name}.crt`), '-outform', 'DER', '-out', at(`${name}.der`));
  const certificate = parseCertificate(new Uint8Array(readFileSync(at(`${name}.der`))));
  if (certificate === null) throw new Error(`${name} was not read`);
  return certificate;
}

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'chain-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the chain to an anchor', () => {
  const now = (): number => Date.now();
  const ask = (certificate: X509Certificate, anchors: X509Certificate[], others: X509Certificate[] = [], at = now()) =>
    findChain({ certificate, others, anchors, at, verifyForeign: verifyForeignSignature });

  test('is given up among certificates that lead to one another for ever', () => {
    const ec = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const root = make('round', null, authority.replace(',pathlen:1', ''), 'round', ec);
    const signer = make('rounded', 'round', leaf, 'rounded', ec);
    let checks = 0;
    const verifyForeign: typeof verifyForeignSignature = (...question) => {
      checks += 1;
      return verifyForeignSignature(...question);
    };
    const others = Array.from({ length: 40 }, (_, index) => ({ ...root, der: Uint8Array.of(...root.der, index) }));
    expect(findChain({ certificate: signer, others, anchors: [], at: now(), verifyForeign })).toEqual({ trusted: false, why: 'unknown-issuer' });
    expect(checks).toBeLessThanOrEqual(100);
    expect(findChain({ certificate: signer, others, anchors: [root], at: now(), verifyForeign })).toMatchObject({ trusted: true });
  });

  test('leads over an intermediate authority, and nowhere else', () => {
    const root = make('root', null, authority);
    const middle = make('middle', 'root', authority.replace('pathlen:1', 'pathlen:0'));
    const signer = make('signer', 'middle', leaf);
    expect(signer.subjectName).toMatchObject({ common: 'signer', organisation: '测试' });
    expect(ask(signer, [root], [middle])).toMatchObject({ trusted: true });
    expect(ask(signer, [root])).toEqual({ trusted: false, why: 'unknown-issuer' });
    expect(ask(signer, [], [middle, root])).toEqual({ trusted: false, why: 'unknown-issuer' });
    expect(ask(signer, [signer])).toMatchObject({ trusted: true });
    expect(ask(signer, [root], [middle], now() + 5 * 366 * 86_400_000)).toMatchObject({ trusted: false });
    expect(ask(middle, [root], [], now() + 5 * 366 * 86_400_000)).toMatchObject({ trusted: false, why: 'outside-validity' });
    const impostor = make('impostor', null, authority, 'root');
    expect(ask(middle, [impostor])).toEqual({ trusted: false, why: 'forged-issuer' });
    const child = make('child', 'signer', leaf);
    expect(ask(child, [root], [signer, middle])).toMatchObject({ trusted: false });
    const deeper = make('deeper', 'middle', authority);
    const far = make('far', 'deeper', leaf);
    expect(ask(far, [root], [deeper, middle])).toMatchObject({ trusted: false });
  });

  test('holds for RSA, EC and Ed25519 with the runtime, and for none without it', () => {
    for (const [name, algorithm] of Object.entries({
      rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
      ec: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      edwards: ['-algorithm', 'ed25519'],
    })) {
      const root = make(`${name}-root`, null, authority, `${name}-root`, algorithm);
      const signer = make(`${name}-signer`, `${name}-root`, leaf, `${name}-signer`, algorithm);
      expect(ask(signer, [root])).toMatchObject({ trusted: true });
      expect(findChain({ certificate: signer, others: [], anchors: [root], at: now(), verifyForeign: verifyNothingForeign })).toMatchObject({ trusted: false });
    }
  });

  test('no byte of a signed certificate can be changed', () => {
    const root = make('one', null, authority);
    const { der } = make('two', 'one', leaf);
    for (let at = 0; at < der.length; at += 3) {
      const changed = der.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const certificate = parseCertificate(changed);
      if (certificate !== null) expect(ask(certificate, [root]).trusted, `byte ${at}`).toBe(false);
    }
  });
});
