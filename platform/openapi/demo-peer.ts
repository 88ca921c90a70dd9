import * as v from 'valibot';
import { ExchangeSettingsSchema, type PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { generateSm2KeyPair } from '../../domain/crypto/sm2.ts';
import { openPeer, type Peer, type PeerDeps } from '../conformance/peer.ts';
import type { Storage } from '../storage/database.ts';
import type { Accounts } from '../trust/accounts.ts';

const owner = { corpName: '接口试用（演示）', corpCode: '12310000MB2F30999Q' };

/** Opens an account for the page that tries calls; its key and secret are this process's and end with it. */
export async function openDemoPeer(
  deps: PeerDeps & { readonly storage: Storage; readonly accounts: Accounts; readonly profile: () => Promise<Omit<PlatformProfile, 'accountId' | 'appId' | 'appSecret' | 'exchange'>> },
): Promise<Peer> {
  const keys = generateSm2KeyPair(deps.random);
  const account = { accountId: `demo-${encodeHex(deps.random(6))}`, ...owner, publicKey: encodeHex(keys.publicKey), exchange: v.parse(ExchangeSettingsSchema, {}) };
  const opened = await deps.storage.write((work) => deps.accounts.open(work, account));
  const profile = { ...(await deps.profile()), accountId: account.accountId, appId: opened.account.appId, appSecret: opened.appSecret };
  return openPeer(deps, { keys, mode: 'extended', owner, profile });
}
