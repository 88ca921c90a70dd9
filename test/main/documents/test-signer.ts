import { generateSm2KeyPair } from '../../../domain/crypto/sm2.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { createOrganisationSigner, makeOrganisationCertificate, type OrganisationSigner } from '../../../main/documents/organisation-certificate.ts';

/** A signer with a fresh key and a certificate of its own. */
export function makeTestSigner(organisation: string, now = Date.UTC(2026, 3, 1)): OrganisationSigner {
  const { privateKey } = generateSm2KeyPair(systemRandom);
  const certificate = makeOrganisationCertificate({ privateKey, subject: { organisation, orgCode: '123101154250123459' }, now, random: systemRandom });
  return createOrganisationSigner({ privateKey, certificate, random: systemRandom });
}
