import { hex } from './shared-vectors.ts';

/** The key, the one-time number and the results printed in GB/T 32918.5-2017 annexes A and C. */
export const example = {
  privateKey: hex('3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8'),
  publicKey: hex(
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020' +
    'CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
  ),
  k: hex('59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21'),
  identityDigest: hex('B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3'),
  signature: hex(
    'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3' +
    'B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
  ),
  c1: hex(
    '0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73' +
    'E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0',
  ),
  c2: hex('21886CA989CA9C7D58087307CA93092D651EFA'),
  c3: hex('59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766'),
} as const;

/** The order of the base point. */
export const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** The prime of the field. */
export const prime = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;

/** A number as 32 big-endian bytes. */
export function bytes32(value: bigint): Uint8Array {
  return hex(value.toString(16).padStart(64, '0'));
}

/** Joins byte strings. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Byte strings that are no public key, by the reason. */
export const badPublicKeys: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', new Uint8Array()],
  ['infinity', Uint8Array.of(0)],
  ['infinity as zeros', new Uint8Array(65)],
  ['the point 0, 0', join(Uint8Array.of(4), new Uint8Array(64))],
  ['a point off the curve', flipLast(example.publicKey)],
  ['no leading 04', example.publicKey.slice(1)],
  ['the hybrid form 06', join(Uint8Array.of(6), example.publicKey.subarray(1))],
  ['the hybrid form 07', join(Uint8Array.of(7), example.publicKey.subarray(1))],
  ['the compressed form', join(Uint8Array.of(3), example.publicKey.subarray(1, 33))],
  ['a byte too many', join(example.publicKey, Uint8Array.of(0))],
  ['x and y exchanged', join(Uint8Array.of(4), example.publicKey.subarray(33), example.publicKey.subarray(1, 33))],
  ['coordinates at the prime', join(Uint8Array.of(4), bytes32(prime), bytes32(prime))],
  ['the point of another curve (P-256 base point)', hex(
    '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  )],
];

/** Byte strings that are no private key, by the reason. */
export const badPrivateKeys: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', new Uint8Array()],
  ['zero', new Uint8Array(32)],
  ['n - 1', bytes32(order - 1n)],
  ['n', bytes32(order)],
  ['2^256 - 1', new Uint8Array(32).fill(255)],
  ['31 bytes', example.privateKey.subarray(1)],
  ['33 bytes', join(Uint8Array.of(0), example.privateKey)],
];

function flipLast(bytes: Uint8Array): Uint8Array {
  const flipped = bytes.slice();
  flipped[flipped.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  return flipped;
}
