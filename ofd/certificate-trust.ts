import { equalBytes } from '../domain/crypto/bytes.ts';
import { checkSignatureValue, type VerifyForeign } from './signature-value.ts';
import type { X509Certificate } from './x509-certificate.ts';

/** The certificates that an administrator has said to trust: authorities, or single signers. */
export type TrustAnchors = readonly X509Certificate[];

/** Where the chain of a certificate leads: to an anchor, or why not. */
export type ChainResult =
  | { readonly trusted: true; readonly path: readonly X509Certificate[] }
  | { readonly trusted: false; readonly why: 'unknown-issuer' | 'forged-issuer' | 'outside-validity' | 'not-an-authority' | 'unknown-extension' };

const longestPath = 6;
/** Signatures looked at for one chain: certificates that all bear one name could be put in order in more ways than anybody can wait for. */
const mostChecks = 100;

/**
 * Follows a certificate up to an anchor, through `others` (what came with the signature). Every certificate on the way must
 * be an authority's, signed by the next, and valid at the moment of signing. `forged-issuer`: an anchor bears the issuer's
 * name, but its key did not sign.
 */
export function findChain(input: {
  readonly certificate: X509Certificate;
  readonly others: readonly X509Certificate[];
  readonly anchors: TrustAnchors;
  /** Epoch ms at which the chain must hold. */
  readonly at: number;
  readonly verifyForeign: VerifyForeign;
}): ChainResult {
  const { anchors, at, certificate, others, verifyForeign } = input;
  let checks = 0;
  let worst: Extract<ChainResult, { trusted: false }>['why'] = 'unknown-issuer';
  const follow = (path: readonly X509Certificate[]): readonly X509Certificate[] | null => {
    const last = path.at(-1);
    if (last === undefined || path.length > longestPath || checks >= mostChecks) return null;
    if (anchors.some((anchor) => equalBytes(anchor.der, last.der))) return path;
    for (const candidate of [...anchors, ...others]) {
      const isAnchor = anchors.includes(candidate);
      if (!equalBytes(candidate.subject, last.issuer) || path.some((one) => equalBytes(one.der, candidate.der))) continue;
      checks += 1;
      if (checks > mostChecks) return null;
      const fault = findFault(candidate, { isAnchor, at, below: path.length - 1 });
      if (fault === null && hasSigned(candidate, last, verifyForeign)) {
        const found = follow([...path, candidate]);
        if (found !== null) return found;
      } else if (isAnchor) worst = fault ?? 'forged-issuer';
    }
    return null;
  };
  if (certificate.unknownCritical.length > 0) return { trusted: false, why: 'unknown-extension' };
  const path = follow([certificate]);
  return path === null ? { trusted: false, why: worst } : { trusted: true, path };
}

interface Place {
  readonly isAnchor: boolean;
  readonly at: number;
  /** Authorities between this one and the signer. */
  readonly below: number;
}

function findFault(issuer: X509Certificate, { isAnchor, at, below }: Place) {
  if (at < issuer.notBefore || at > issuer.notAfter) return 'outside-validity' as const;
  if (issuer.unknownCritical.length > 0) return 'unknown-extension' as const;
  const maySign = issuer.keyUsage === null || issuer.keyUsage.has('keyCertSign');
  // A root of version 1 says nothing of itself; the administrator who imported it has said it.
  const isAuthority = issuer.isAuthority || (isAnchor && issuer.keyUsage === null);
  const isInReach = issuer.pathLength === null || below <= issuer.pathLength;
  return maySign && isAuthority && isInReach ? null : ('not-an-authority' as const);
}

function hasSigned(issuer: X509Certificate, subject: X509Certificate, verifyForeign: VerifyForeign): boolean {
  const { signatureAlgorithm: algorithm, toBeSigned: message, signature } = subject;
  return checkSignatureValue({ key: issuer.publicKey, algorithm, digest: null, message, signature }, verifyForeign) === true;
}
