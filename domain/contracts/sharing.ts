import * as v from 'valibot';

/**
 * The interfaces of the Yangtze-delta certificate sharing specification (clause 12), in their strict canonical form: what
 * this project sends. What peers may send instead is read by `domain/sharing-reply.ts`. Field names are the tables' own.
 */

/** Default paths (the specification gives none); a provider profile may map them to others. */
export const sharingPaths = {
  catalogue: '/cert/catalog/list', // 12.1.3
  scenarios: '/cert/scene/list', // 12.1.4
  search: '/cert/search', // 12.1.5
  fileById: '/cert/file/by-id', // 12.1.6
  fileByHolder: '/cert/file/by-holder', // 12.1.7
  infoById: '/cert/info/by-id', // 12.1.8
  infoByHolder: '/cert/info/by-holder', // 12.1.9
  fileVerify: '/cert/file/verify', // 12.1.10
  appRegister: '/trust/app/register', // 12.2.1
  codeVerify: '/trust/code/verify', // 12.2.2
  personToken: '/trust/person/token', // 12.2.3
} as const;
export type SharingInterface = keyof typeof sharingPaths;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4000));
const optionalText = v.optional(v.pipe(v.string(), v.maxLength(4000)));

/** The purpose set, mandatory in every business call: the real reason, matter, organisation, operator and case number. */
const purposeFields = {
  useFor: text,
  itemName: text,
  itemCode: text,
  itemOrg: text,
  operator: text,
  bizNum: text,
};
export const PurposeSchema = v.object(purposeFields);
export type Purpose = v.InferOutput<typeof PurposeSchema>;

/** 12.1.3 table 1, one catalogue entry (the printed `ertificateType` is read as `certificateType`). */
export const CatalogueEntrySchema = v.object({
  certificateType: text,
  certificateTypeCode: text,
  updateTime: text,
  certificateDefineAuthorityName: text,
  certificateDefineAuthorityCode: text,
  relatedItemName: text,
  relatedItemCode: text,
});
export type CatalogueEntry = v.InferOutput<typeof CatalogueEntrySchema>;
export const CatalogueReplySchema = v.object({ total: v.number(), dataList: v.array(CatalogueEntrySchema) });

/** 12.1.4 table 2: the scenario lists (用证清单) linked to this application. */
export const ScenariosRequestSchema = v.object({ appId: text });
export const ScenarioSchema = v.object({
  itemName: text,
  itemCode: text,
  updateTime: text,
  dataList: v.array(v.object({ certificateType: text, certificateTypeCode: text })),
});
export type Scenario = v.InferOutput<typeof ScenarioSchema>;
export const ScenariosReplySchema = v.object({ total: v.number(), dataList: v.array(ScenarioSchema) });

/** 12.1.5 table 3. */
export const SearchRequestSchema = v.object({
  trustedToken: text,
  certificateType: optionalText,
  certificateNumber: optionalText,
  ...purposeFields,
});
export const SearchHitSchema = v.object({
  certificateID: text,
  certificateType: text,
  issueDept: text,
  certificateNumber: text,
  issueDate: text,
});
export type SearchHit = v.InferOutput<typeof SearchHitSchema>;
export const SearchReplySchema = v.object({ total: v.number(), dataList: v.array(SearchHitSchema) });

/** 12.1.7 table 5 and 12.1.9 table 7: by holder, with the fields of a search; `bizNum` is input (wire notes W13). */
export const ByHolderRequestSchema = SearchRequestSchema;
export type ByHolderRequest = v.InferOutput<typeof ByHolderRequestSchema>;

/** 12.1.6 table 4. `fileSm3` is our own optional addition (64 hex): the digest that the downloaded file must have. */
export const ByIdRequestSchema = v.object({ certificateID: text, ...purposeFields });
export type ByIdRequest = v.InferOutput<typeof ByIdRequestSchema>;
export const FileEntrySchema = v.object({
  certificateType: text,
  issueDept: text,
  certificateNumber: text,
  issueDate: text,
  fileFormat: v.picklist(['OFD', 'PDF']),
  fileUrl: text,
  fileSm3: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{64}$/))),
});
export type FileEntry = v.InferOutput<typeof FileEntrySchema>;
export const FileReplySchema = v.object({ total: v.number(), dataList: v.array(FileEntrySchema) });

/** 12.1.8 table 6. `surface` has no standard items: keys and values are shown as they are, in the order given. */
export const InfoEntrySchema = v.object({
  certificateType: text,
  certificateHolder: text,
  certificateHolderCode: text,
  certificateHolderType: text,
  issueDept: text,
  certificateNumber: text,
  issueDate: text,
  certificateValidateStart: v.string(),
  certificateValidateEnd: v.string(),
  surface: v.record(v.string(), v.string()),
});
export type InfoEntry = v.InferOutput<typeof InfoEntrySchema>;
export const InfoReplySchema = v.object({ total: v.number(), dataList: v.array(InfoEntrySchema) });

/** BASE64 of a file of at most 3 MB: what one envelope carries (wire notes W8). */
export const mostVerifiedBytes = 3 * 1024 * 1024;

/** 12.1.10 table 8; `result` 1 means that the file is authentic (wire notes W23). */
export const FileVerifyRequestSchema = v.object({
  fileEntity: v.pipe(v.string(), v.minLength(1), v.maxLength(4 * Math.ceil(mostVerifiedBytes / 3))),
  fileFormat: v.picklist(['PDF', 'OFD']),
  ...purposeFields,
});
export const FileVerifyReplySchema = v.object({ result: v.picklist(['1', '0']) });

/** 12.2.1 table 9. The reply may carry a token (`data.token`, own reading W4 of the wire notes). */
export const AppRegisterRequestSchema = v.object({ appId: text, appSecret: text, corpName: text, corpCode: text });
export const AppRegisterReplySchema = v.object({
  code: v.picklist([1, 0]),
  msg: v.string(),
  data: v.optional(v.object({ token: text })),
});

/** 12.2.2 table 10. */
export const CodeVerifyRequestSchema = v.object({ qrCode: text, ...purposeFields });
export const CodeVerifyReplySchema = v.object({
  userInfo: v.object({ userName: optionalText, idCard: text, trustedToken: text, phone: optionalText }),
  certificateList: v.optional(
    v.array(
      v.object({
        certificateId: text,
        certificateType: text,
        issueDept: text,
        certificateNumber: text,
        issueDate: text,
      }),
    ),
  ),
});

/**
 * 12.2.3 table 11, with its conditions: `authType` 1 (biometric) and 2 (identity document read) need `idType` and `idNo`,
 * 3 (code scanned) needs `qrCode`. `idNo` may be upper-case hex of SM2 to the platform's key (wire notes W26).
 */
export const PersonTokenRequestSchema = v.pipe(
  v.object({
    transactionId: text,
    authType: v.picklist(['1', '2', '3']),
    name: optionalText,
    idType: v.optional(v.literal(1)),
    idNo: optionalText,
    qrCode: optionalText,
    location: optionalText,
    permission: optionalText,
  }),
  v.forward(v.check(({ authType, idType }) => authType === '3' || idType !== undefined, 'idType'), ['idType']),
  v.forward(v.check(({ authType, idNo }) => authType === '3' || isGiven(idNo), 'idNo'), ['idNo']),
  v.forward(v.check(({ authType, qrCode }) => authType !== '3' || isGiven(qrCode), 'qrCode'), ['qrCode']),
);
export const PersonTokenReplySchema = AppRegisterReplySchema;

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
