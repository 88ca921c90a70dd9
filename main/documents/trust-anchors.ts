import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { latin1 } from '../../ofd/der-tree.ts';
import { parseRevocationList } from '../../ofd/revocation.ts';
import { parseCertificate, type X509Certificate } from '../../ofd/x509-certificate.ts';

/** A certificate that is trusted here: an authority's, or a single signer's. */
export interface TrustAnchor {
  /** SM3 of the certificate, hex; the name of its file. */
  readonly id: string;
  readonly certificate: X509Certificate;
}

/** The certificates that an administrator has said to trust: files of the folder `trust`. */
export interface TrustStore {
  list(): readonly TrustAnchor[];
  /** The lists of revoked certificates that an administrator has put beside them (`*.crl`), DER; whether they are worth anything shows when one is used. */
  revocationLists(): readonly Uint8Array[];
  /** Takes in a certificate, DER or PEM; `file/damaged` when it is none. */
  add(bytes: Uint8Array): Result<TrustAnchor>;
  /** False when there is none of this id. */
  remove(id: string): boolean;
}

const largest = 65_536;
const mostLists = 100;
/** Of all lists together. */
const mostListBytes = 64 * 2 ** 20;

/** Opens the folder of trusted certificates; files in it that are none are passed over. */
export function openTrustStore(deps: { readonly folder: string; readonly writeFile: (file: string, bytes: Uint8Array) => void }): TrustStore {
  const { folder } = deps;
  const fileOf = (id: string): string => join(folder, `${id}.cer`);
  return {
    list: () => {
      const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(cer|crt|der|pem)$/i.test(name)) : [];
      const anchors = names.map((name) => readAnchor(new Uint8Array(readFileSync(join(folder, name)))));
      return anchors.filter((anchor) => anchor !== null).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
    revocationLists: createRevocationShelf(folder),
    add: (bytes) => {
      const anchor = readAnchor(bytes);
      if (anchor === null) return fail('file/damaged', 'certificate');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      deps.writeFile(fileOf(anchor.id), anchor.certificate.der);
      return ok(anchor);
    },
    remove: (id) => {
      if (!/^[0-9a-f]{64}$/.test(id) || !existsSync(fileOf(id))) return false;
      rmSync(fileOf(id));
      return true;
    },
  };
}

/** Lists of the folder, each read again only when its file changed: reading one of a megabyte takes longer than opening a certificate may. */
function createRevocationShelf(folder: string): () => readonly Uint8Array[] {
  let known = new Map<string, Uint8Array | null>();
  return () => {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.crl$/i.test(name)) : [];
    const found = new Map<string, Uint8Array | null>();
    let room = mostListBytes;
    for (const name of names.toSorted().slice(0, mostLists)) {
      const { size, mtimeMs, ino } = statSync(join(folder, name));
      room -= size;
      if (room < 0) continue;
      const key = [name, size, mtimeMs, ino].join('/');
      const list = known.get(key);
      found.set(key, list === undefined ? readRevocationFile(new Uint8Array(readFileSync(join(folder, name)))) : list);
    }
    known = found;
    return [...found.values()].filter((list) => list !== null);
  };
}

/** Reads a certificate file, DER or PEM; null when it is none. */
export function readAnchor(bytes: Uint8Array): TrustAnchor | null {
  if (bytes.length > largest) return null;
  const pem = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(latin1(bytes))?.[1];
  const der = pem === undefined ? bytes.slice() : decodeBase64(pem.replace(/\s/g, ''));
  const certificate = der === null ? null : parseCertificate(der);
  return certificate === null ? null : { id: encodeHex(sm3(certificate.der)), certificate };
}

/** Reads a file with a list of revoked certificates, DER or PEM, into DER; null when it is none. */
export function readRevocationFile(bytes: Uint8Array): Uint8Array | null {
  const pem = bytes[0] === 0x2d ? /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(latin1(bytes))?.[1] : undefined;
  const der = pem === undefined ? bytes : decodeBase64(pem.replace(/\s/g, ''));
  return der === null || parseRevocationList(der) === null ? null : der;
}
