/** Why content is no service code: the support codes of `domain/verdict.ts` that parsing can give. */
export type CodeFault = 'E-FMT-01' | 'E-FMT-02' | 'E-FMT-03' | 'E-FMT-04' | 'E-FMT-05' | 'E-FMT-06' | 'E-KIND-02';

/** Who the code stands for (segment A): a unified social credit code, or SM3 of the registration number, upper-case hex. */
export type CodeIdentity = { readonly kind: 'uscc'; readonly uscc: string } | { readonly kind: 'hash'; readonly hash: string };

/** How a code was carried and spelled; the strict text form in QR is `text`, `utc14`, everything else false. */
export interface AcceptedForm {
  readonly carrier: 'text' | 'hex' | 'base32' | 'bytes';
  readonly expiry: 'utc14' | 'epoch10' | 'uint32' | 'uint64';
  readonly upperCased: boolean;
  readonly trimmed: boolean;
  readonly wrapperHost?: string;
}

/** A well-formed enterprise service code (C 0300-2021 6.1.1). Nothing in it is true before its signature is verified. */
export interface ServiceCode {
  readonly form: 'text' | 'octets';
  readonly identity: CodeIdentity;
  /** Six digits. */
  readonly platformId: string;
  /** Epoch milliseconds; the code is valid while now < expiresAt. */
  readonly expiresAt: number;
  /** 32 bytes: SM3 of the canonical consent record. */
  readonly consentDigest: Uint8Array;
  /** 64 bytes: r ‖ s. */
  readonly signature: Uint8Array;
  /** The octets A ‖ B that the signature is over. */
  readonly signedBytes: Uint8Array;
  /** One text for one code, however it was carried: the text form, or upper-case hex of the octets. */
  readonly canonicalText: string;
  readonly accepted: AcceptedForm;
  /** The host of the link that the code came in; the link is never opened. */
  readonly usedWrapper?: string;
}

/** A code, or why it is none; `isServiceCode` tells a damaged service code from content of another kind. */
export type ServiceCodeParse =
  | { readonly ok: true; readonly code: ServiceCode }
  | { readonly ok: false; readonly supportCode: CodeFault; readonly isServiceCode: boolean };

/** What a form reader says of content: not its form at all (null), its form but damaged, or a code. */
export type FormReading = ServiceCode | CodeFault | null;

/** How the raw input became the text that the form readers look at. */
export interface CodeText {
  /** Trimmed, unwrapped, upper-cased when alphanumeric. */
  readonly text: string;
  readonly upperCased: boolean;
  readonly trimmed: boolean;
  readonly wrapperHost?: string;
}

/** Fields of a code whose layout fits, still as spelled. */
export interface CodeFields {
  readonly carrier: AcceptedForm['carrier'];
  readonly expiry: AcceptedForm['expiry'];
  readonly identity: CodeIdentity;
  readonly platformId: string;
  readonly expiresAt: number;
  readonly consentDigest: Uint8Array;
  readonly signature: Uint8Array;
  readonly signedBytes: Uint8Array;
  readonly canonicalText: string;
}

/** Joins the fields with the account of how they were carried. */
export function composeServiceCode(fields: CodeFields, source: CodeText): ServiceCode {
  const { carrier, expiry, ...rest } = fields;
  const { wrapperHost } = source;
  return {
    ...rest,
    form: carrier === 'text' ? 'text' : 'octets',
    accepted: {
      carrier,
      expiry,
      upperCased: source.upperCased,
      trimmed: source.trimmed,
      ...(wrapperHost === undefined ? {} : { wrapperHost }),
    },
    ...(wrapperHost === undefined ? {} : { usedWrapper: wrapperHost }),
  };
}
