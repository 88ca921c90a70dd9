import { systemRandom } from '../../../domain/crypto/random.ts';
import { sm2PublicKeyOf } from '../../../domain/crypto/sm2.ts';
import type { StartSigner } from '../../../main/access/person-signer.ts';
import { signText } from '../../../main/access/signer-work.ts';

/** A signer without a thread, for tests with many log-ins. */
export const startSigner: StartSigner = async (key) => {
  const privateKey = key.slice();
  const publicKey = sm2PublicKeyOf(privateKey);
  let isOver = false;
  return {
    publicKey,
    sign: async (text) => (isOver ? null : signText({ privateKey, publicKey, text, random: systemRandom })),
    end: async () => {
      isOver = true;
      privateKey.fill(0);
    },
  };
};
