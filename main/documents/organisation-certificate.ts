import type { RandomBytes } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId, sm2PublicKeyOf } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { asn1Tag } from '../../ofd/der-tree.ts';
import { sm2CurveId } from '../../ofd/x509-certificate.ts';
import { writeBits, writeDer, writeInteger, writeObjectId, writeOctets, writeSequence, writeSet, writeSm2Value, writeTime } from './der-writing.ts';

/** The organisation's means to sign copies: its certificate, and a signature with the key behind it. */
export interface OrganisationSigner {
  /** DER. */
  readonly certificate: Uint8Array;
  /** SM2 over the message, as DER. */
  sign(message: Uint8Array): Uint8Array;
}

/** What a certificate is made for. */
export interface CertificateSubject {
  readonly organisation: string;
  readonly orgCode: string;
}

/** SM2 with SM3 (GM/T 0006). */
export const sm2WithSm3 = '1.2.156.10197.1.501';
const validityMs = 5 * 365 * 24 * 3_600_000;

/**
 * Makes a certificate that the organisation signs for itself (GB/T 20518, RFC 5280): an SM2 key for signatures, valid five years.
 * It vouches for nobody but itself: others trust its copies after importing it, or the platform issues one in its place.
 */
export function makeOrganisationCertificate(input: {
  readonly privateKey: Uint8Array;
  readonly subject: CertificateSubject;
  readonly now: number;
  readonly random: RandomBytes;
}): Uint8Array {
  const { privateKey, random, now } = input;
  const publicKey = sm2PublicKeyOf(privateKey);
  const algorithm = writeSequence(writeObjectId(sm2WithSm3));
  const name = writeName(input.subject);
  const serial = random(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = writeSequence(
    writeDer(0xa0, writeInteger(Uint8Array.of(2))),
    writeInteger(serial),
    algorithm,
    name,
    writeSequence(writeTime(now - 3_600_000), writeTime(now + validityMs)),
    name,
    writeSequence(writeSequence(writeObjectId('1.2.840.10045.2.1'), writeObjectId(sm2CurveId)), writeBits(publicKey)),
    writeDer(0xa3, writeExtensions(publicKey)),
  );
  const signature = signSm2({ privateKey, message: body, id: sm2DefaultId, random });
  return writeSequence(body, algorithm, writeBits(writeSm2Value(signature)));
}

/** Creates the signer over a private key and its certificate. */
export function createOrganisationSigner(deps: { readonly privateKey: Uint8Array; readonly certificate: Uint8Array; readonly random: RandomBytes }): OrganisationSigner {
  const { privateKey, random } = deps;
  return {
    certificate: deps.certificate,
    sign: (message) => writeSm2Value(signSm2({ privateKey, message, id: sm2DefaultId, random })),
  };
}

function writeName({ organisation, orgCode }: CertificateSubject): Uint8Array {
  const part = (id: string, tag: number, text: string): Uint8Array => writeSet(writeSequence(writeObjectId(id), writeDer(tag, encodeUtf8(text))));
  return writeSequence(
    part('2.5.4.6', 0x13, 'CN'),
    part('2.5.4.10', asn1Tag.utf8String, organisation.slice(0, 64)),
    part('2.5.4.5', 0x13, orgCode.replace(/[^0-9A-Z]/gi, '')),
    part('2.5.4.3', asn1Tag.utf8String, organisation.slice(0, 64)),
  );
}

function writeExtensions(publicKey: Uint8Array): Uint8Array {
  const extension = (id: string, isCritical: boolean, value: Uint8Array): Uint8Array =>
    writeSequence(writeObjectId(id), ...(isCritical ? [writeDer(asn1Tag.boolean, Uint8Array.of(0xff))] : []), writeOctets(value));
  return writeSequence(
    extension('2.5.29.19', true, writeSequence()),
    // digitalSignature and nonRepudiation.
    extension('2.5.29.15', true, writeDer(asn1Tag.bitString, Uint8Array.of(6, 0xc0))),
    extension('2.5.29.14', false, writeOctets(sm3(publicKey).subarray(0, 20))),
  );
}
