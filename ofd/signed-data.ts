import { concatBytes, equalBytes } from '../domain/crypto/bytes.ts';
import {
  asn1Tag, derBytes, derChildren, derContent, derInteger, type DerNode, derObjectId, derOctets, derTime, openDer, parseDer,
} from './der-tree.ts';
import { parseRevocationList, type RevocationList } from './revocation.ts';
import { parseCertificate, type X509Certificate } from './x509-certificate.ts';

/** A CMS message with one signer, of RFC 5652 or GB/T 35275 (GM/T 0010): the two differ in identifiers alone. */
export interface SignedData {
  /** The content signed, when it came along. */
  readonly content: Uint8Array | null;
  readonly contentType: string;
  readonly certificates: readonly X509Certificate[];
  /** Lists of revoked certificates that came along, in the message or its signed attributes; not verified here. */
  readonly revocationLists: readonly RevocationList[];
  readonly signers: readonly CmsSigner[];
  readonly dialect: 'cms' | 'gm';
}

/** One signer of a CMS message. */
export interface CmsSigner {
  readonly id: { readonly issuer: Uint8Array; readonly serial: Uint8Array } | { readonly subjectKeyId: Uint8Array };
  readonly digest: string;
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** Null when the content was signed without attributes. */
  readonly attributes: SignedAttributes | null;
  /** An RFC 3161 token over the signature, not verified here. */
  readonly timestamp: Uint8Array | null;
}

/** The attributes that are signed in the content's stead. */
export interface SignedAttributes {
  /** As they are signed: a SET OF, whatever the tag was on the way. */
  readonly encoded: Uint8Array;
  readonly messageDigest: Uint8Array | null;
  readonly contentType: string | null;
  /** Epoch ms, as the signer says. */
  readonly signingTime: number | null;
  /** Lists of revoked certificates that the signer took along (adbe-revocationInfoArchival). */
  readonly archivedLists: readonly DerNode[];
}

const signedDataIds: Readonly<Record<string, SignedData['dialect']>> = {
  '1.2.840.113549.1.7.2': 'cms',
  '1.2.156.10197.6.1.4.2.2': 'gm',
};

/** Of each kind; what a message carries beyond is not read. */
const mostCertificates = 100;
const mostLists = 100;

/** Reads a SignedData; null when it is none. Certificates that cannot be read are left out. */
export function parseSignedData(bytes: Uint8Array): SignedData | null {
  const outer = openDer(parseDer(bytes) ?? undefined);
  const [type, wrapper] = outer ?? [];
  const dialect = signedDataIds[derObjectId(type) ?? ''];
  const inner = openDer(wrapper, 0xa0);
  const fields = openDer(inner?.[0]);
  // Elements behind the last one would be signed by nobody.
  if (dialect === undefined || fields === null || outer?.length !== 2 || inner?.length !== 1) return null;
  const [version, digests, encapsulated, ...rest] = fields;
  const [contentType, contentWrapper] = openDer(encapsulated) ?? [];
  if (![1, 3, 4, 5].includes(derInteger(version) ?? 0)) return null;
  const signers = derChildrenOf(rest.find((node) => node.tag === asn1Tag.set))?.map(readSigner);
  if (contentType === undefined || signers === undefined || signers.length === 0 || signers.includes(null)) return null;
  const announced = openDer(digests, asn1Tag.set)?.map((node) => derObjectId(openDer(node)?.[0])) ?? [];
  if (signers.some((signer) => signer !== null && !announced.includes(signer.digest))) return null;
  const certificates = (derChildrenOf(rest.find((node) => node.tag === 0xa0)) ?? []).slice(0, mostCertificates).map((node) => parseCertificate(derBytes(node)));
  return {
    content: contentWrapper === undefined ? null : readContent(contentWrapper),
    contentType: derObjectId(contentType) ?? '',
    certificates: certificates.filter((certificate) => certificate !== null),
    revocationLists: [
      ...(derChildrenOf(rest.find((node) => node.tag === 0xa1)) ?? []),
      ...signers.flatMap((signer) => signer?.attributes?.archivedLists ?? []),
    ].slice(0, mostLists).flatMap((node) => parseRevocationList(derBytes(node)) ?? []),
    signers: signers.filter((signer) => signer !== null),
    dialect,
  };
}

/** The certificate of a signer: by issuer and serial together, or by key id; a serial alone is not unique. */
export function findSignerCertificate(data: SignedData, signer: CmsSigner): X509Certificate | null {
  const { id } = signer;
  const isSigner = (certificate: X509Certificate): boolean =>
    'serial' in id
      ? equalBytes(certificate.serial, id.serial) && equalBytes(certificate.issuer, id.issuer)
      : certificate.subjectKeyId !== null && equalBytes(certificate.subjectKeyId, id.subjectKeyId);
  return data.certificates.find(isSigner) ?? null;
}

function derChildrenOf(node: DerNode | undefined): DerNode[] | null {
  return node === undefined ? null : derChildren(node);
}

/** An OCTET STRING in the explicit wrapper; some writers leave the string's own header out. */
function readContent(wrapper: DerNode): Uint8Array {
  const inner = openDer(wrapper, 0xa0)?.[0];
  return derOctets(inner) ?? derContent(wrapper);
}

function readSigner(node: DerNode): CmsSigner | null {
  const [version, idNode, digestNode, ...rest] = openDer(node) ?? [];
  const attributesNode = rest[0]?.tag === 0xa0 ? rest[0] : undefined;
  const [algorithmNode, value, unsigned] = attributesNode === undefined ? rest : rest.slice(1);
  const id = readSignerId(idNode);
  const digest = derObjectId(openDer(digestNode)?.[0]);
  const algorithm = derObjectId(openDer(algorithmNode)?.[0]);
  const signature = derOctets(value);
  const attributes = attributesNode === undefined ? null : readAttributes(attributesNode);
  if (id === null || digest === null || algorithm === null || signature === null) return null;
  if (![1, 3].includes(derInteger(version) ?? 0)) return null;
  if (attributesNode !== undefined && attributes === null) return null;
  return { id, digest, algorithm, signature, attributes, timestamp: readTimestamp(unsigned) };
}

function readSignerId(node: DerNode | undefined): CmsSigner['id'] | null {
  if (node?.tag === 0x80) return { subjectKeyId: derContent(node) };
  const [issuer, serial] = openDer(node) ?? [];
  return issuer === undefined || serial?.tag !== asn1Tag.integer ? null : { issuer: derBytes(issuer), serial: derContent(serial) };
}

function readAttributes(node: DerNode): SignedAttributes | null {
  const values = new Map<string, DerNode | undefined>();
  for (const attribute of derChildren(node) ?? []) {
    const [type, set] = openDer(attribute) ?? [];
    const name = derObjectId(type);
    // A second value under one name could be read by one program and not by another.
    if (name === null || values.has(name)) return null;
    values.set(name, openDer(set, asn1Tag.set)?.[0]);
  }
  return {
    encoded: concatBytes(Uint8Array.of(asn1Tag.set), derBytes(node).subarray(1)),
    messageDigest: derOctets(values.get('1.2.840.113549.1.9.4')),
    contentType: derObjectId(values.get('1.2.840.113549.1.9.3')),
    signingTime: derTime(values.get('1.2.840.113549.1.9.5')),
    archivedLists: openDer(openDer(openDer(values.get('1.2.840.113583.1.1.8'))?.find(({ tag }) => tag === 0xa0), 0xa0)?.[0]) ?? [],
  };
}

const timestampIds = ['1.2.840.113549.1.9.16.2.14'];

function readTimestamp(unsigned: DerNode | undefined): Uint8Array | null {
  if (unsigned?.tag !== 0xa1) return null;
  for (const attribute of derChildren(unsigned) ?? []) {
    const [type, values] = openDer(attribute) ?? [];
    const token = timestampIds.includes(derObjectId(type) ?? '') ? openDer(values, asn1Tag.set)?.[0] : undefined;
    if (token !== undefined) return derBytes(token);
  }
  return null;
}
