import { isIP } from 'node:net';
import type { PlatformDeps } from './app.ts';
import type { PlatformRole } from './routes.ts';

/** The roles that a process may have. */
export const platformRoles = ['all', 'fusion', 'province', 'trust', 'engine', 'info', 'audit', 'portal'] as const satisfies readonly PlatformRole[];

/** The role and its surroundings from texts of the command line; throws a sentence for what is none. */
export function readRole(texts: {
  readonly role?: string | undefined;
  readonly province?: string | undefined;
  /** `ID=URL`, for each province in a process of its own. */
  readonly provinceUrl?: readonly string[] | undefined;
  readonly publicUrl?: string | undefined;
  /** Addresses of gateways. */
  readonly trustedProxy?: readonly string[];
  /** `NAME=URL`, for each part in a process of its own. */
  readonly partUrl?: readonly string[] | undefined;
  /** `ID=NAME`: the six digits and the name of this platform. */
  readonly platformId?: string | undefined;
}): Pick<PlatformDeps, 'identity' | 'role' | 'province' | 'provinceUrls' | 'partUrls' | 'publicUrl' | 'trustedProxies'> {
  const role = platformRoles.find((one) => one === (texts.role ?? 'all'));
  if (role === undefined) throw new Error(`There is no role "${texts.role ?? ''}". The roles are: ${platformRoles.join(', ')}.`);
  if (role === 'province' && texts.province === undefined) throw new Error('The role province needs --province ID.');
  return {
    role,
    ...(texts.platformId === undefined ? {} : { identity: readIdentity(texts.platformId) }),
    trustedProxies: readProxies(texts.trustedProxy ?? []),
    provinceUrls: readUrls('province-url', texts.provinceUrl ?? [], /^[0-9]{6}$/),
    partUrls: readUrls('part-url', texts.partUrl ?? [], /^(engine|trust|audit)$/),
    ...(texts.province === undefined ? {} : { province: texts.province }),
    ...(texts.publicUrl === undefined ? {} : { publicUrl: texts.publicUrl.replace(/\/$/, '') }),
  };
}

function readIdentity(text: string): NonNullable<PlatformDeps['identity']> {
  const [, platformId, name] = /^([0-9]{6})=(.*\S)$/.exec(text) ?? [];
  if (platformId === undefined || name === undefined) throw new Error(`--platform-id ${text} is not ID=NAME with six digits.`);
  return { platformId, name: name.trim() };
}

function readProxies(addresses: readonly string[]): readonly string[] {
  const wrong = addresses.find((address) => isIP(address.replace(/\/[0-9]{1,3}$/, '')) === 0);
  if (wrong !== undefined) throw new Error(`--trusted-proxy ${wrong} is no address.`);
  return addresses;
}

function readUrls(option: string, texts: readonly string[], name: RegExp): Record<string, string> {
  const urls = texts.map((text): [string, string] => {
    const [key = '', ...url] = text.split('=');
    if (!name.test(key) || !URL.canParse(url.join('='))) throw new Error(`--${option} ${text} is not NAME=URL.`);
    return [key, url.join('=').replace(/\/$/, '')];
  });
  return Object.fromEntries(urls);
}
