import { printSignedStatement } from '../../domain/audit-signature.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { Append } from '../../main/store/records.ts';
import { anEntry } from './store/opened-store.ts';

/** Somebody with a signing key of their own. */
export interface SigningPerson {
  /** The entry that makes their key known. */
  announce(): Append;
  /** What they did, signed. */
  sign(done: Append): Append;
  renew(): void;
}

/** Makes somebody of this number. */
export function createSigningPerson(actor: string): SigningPerson {
  let keys = generateSm2KeyPair(systemRandom);
  const sign = ({ entry, body, business }: Append): Append => {
    const { at, uncertaintyMs, ...said } = { ...entry, actor };
    const content = encodeHex(sm3(body ?? new Uint8Array()));
    const message = encodeUtf8(printSignedStatement({ ...said, t: new Date(at).toISOString(), u: uncertaintyMs, content }));
    const signature = encodeBase64(encodeSm2SignatureDer(signSm2({ ...keys, message, id: sm2DefaultId, random: systemRandom })));
    return { entry: { ...entry, actor, content, signature }, body, business };
  };
  return {
    sign,
    announce: () => sign({ entry: anEntry({ type: 'access.signs', result: encodeHex(keys.publicKey), ref: actor }), body: null, business: null }),
    renew: () => {
      keys = generateSm2KeyPair(systemRandom);
    },
  };
}
