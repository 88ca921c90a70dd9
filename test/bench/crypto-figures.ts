import { createRequire } from 'node:module';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, pinSm2PublicKey, signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { createSm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { sm4CbcEncrypt } from '../../domain/crypto/sm4.ts';
import { compareRuns, type Figure, printMs, printRatio } from './measuring.ts';

/** The part of `sm-crypto` that is compared with; the package has no types of its own. */
interface Peer {
  readonly sm2: { doVerifySignature(message: number[], signature: string, publicKey: string, options: { hash: boolean }): boolean };
  readonly sm3: (message: number[]) => string;
  readonly sm4: { encrypt(message: number[], key: number[], options: { mode: 'cbc'; iv: number[]; padding: 'pkcs#7'; output: 'array' }): number[] };
}
const peer = createRequire(import.meta.url)('sm-crypto') as Peer;
const mebibyte = 1024 * 1024;

/** Our SM2, SM3 and SM4 beside `sm-crypto`, in the same run, in turns. */
export async function measureCrypto(): Promise<Figure[]> {
  return [await measureVerify(), ...(await measureBulk())];
}

async function measureVerify(): Promise<Figure> {
  const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
  const message = systemRandom(109);
  const signature = signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom });
  const key = pinSm2PublicKey(publicKey);
  if (key === null) throw new Error('the generated key is not on the curve');
  const [bytes, signatureHex, publicHex] = [[...message], encodeHex(signature), encodeHex(publicKey)];
  const must = (isRight: boolean): void => {
    if (!isRight) throw new Error('a right signature was refused');
  };
  const { ours, theirs, ratio } = await compareRuns(
    { rounds: 60, warmUp: 20 },
    () => must(verifySm2({ key, message, signature, id: sm2DefaultId })),
    () => must(peer.sm2.doVerifySignature(bytes, signatureHex, publicHex, { hash: true })),
  );
  return { area: 'SM algorithms', what: 'SM2 verify, pinned key', value: printMs(ours), compared: `${printMs(theirs)} (sm-crypto)`, ratio: printRatio(ratio), aim: '' };
}

async function measureBulk(): Promise<Figure[]> {
  const size = mebibyte / 4;
  const data = new Uint8Array(size).map((_, index) => index * 7);
  const list = [...data];
  const [key, iv, nonce] = [systemRandom(16), systemRandom(16), systemRandom(12)];
  const gcm = createSm4Gcm(key);
  const theirSm4 = () => peer.sm4.encrypt(list, [...key], { mode: 'cbc', iv: [...iv], padding: 'pkcs#7', output: 'array' });
  const settings = { rounds: 9, warmUp: 2 };
  const rows = [
    { what: 'SM3', of: 'SM3', ...(await compareRuns(settings, () => sm3(data), () => peer.sm3(list))) },
    { what: 'SM4-CBC encrypt', of: 'SM4-CBC', ...(await compareRuns(settings, () => sm4CbcEncrypt(key, iv, data), theirSm4)) },
    { what: 'SM4-GCM seal', of: 'SM4-CBC', ...(await compareRuns(settings, () => gcm.seal(nonce, data, new Uint8Array(0)), theirSm4)) },
  ];
  const speed = (ms: number): string => `${((size / mebibyte / ms) * 1000).toFixed(1)} MiB/s`;
  return rows.map(({ what, of, ours, theirs }) => ({
    area: 'SM algorithms',
    what,
    value: speed(ours),
    compared: `${speed(theirs)} (sm-crypto ${of})`,
    ratio: `${(theirs / ours).toFixed(1)} × as fast`,
    aim: '',
  }));
}
