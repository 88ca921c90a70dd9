import type { RandomBytes } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** SM2 over a text by whoever has the key: default user identity, DER. */
export function signText({ text, ...input }: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array; readonly text: string; readonly random: RandomBytes }): Uint8Array {
  return encodeSm2SignatureDer(signSm2({ ...input, message: encodeUtf8(text), id: sm2DefaultId }));
}
