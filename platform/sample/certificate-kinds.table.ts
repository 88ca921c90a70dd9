/** A fact of the holder that a certificate repeats on its face. */
export type HolderFact = 'name' | 'uscc' | 'legalRepresentative' | 'address' | 'registeredCapital' | 'type';

/** How a kind of certificate names its lines. `typeCode`: the defining authority's USCC and three digits of its own. */
export interface CertificateKind {
  readonly typeCode: string;
  readonly numberLabel: string;
  readonly holderItems: readonly (readonly [label: string, fact: HolderFact])[];
  readonly validityLabel: string;
  readonly authorityLabel: string;
  readonly dateLabel: string;
}

const kinds = {
  营业执照: {
    typeCode: '11100000MB0143028R001',
    numberLabel: '证照编号',
    holderItems: [],
    validityLabel: '',
    authorityLabel: '登记机关',
    dateLabel: '登记日期',
  },
  食品经营许可证: {
    typeCode: '11100000MB0143028R013',
    numberLabel: '许可证编号',
    holderItems: [
      ['经营者名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['法定代表人（负责人）', 'legalRepresentative'],
      ['住所', 'address'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  食品生产许可证: {
    typeCode: '11100000MB0143028R012',
    numberLabel: '许可证编号',
    holderItems: [
      ['生产者名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['法定代表人（负责人）', 'legalRepresentative'],
      ['住所', 'address'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  开户许可证: {
    typeCode: '111000000000132589002',
    numberLabel: '核准号',
    holderItems: [
      ['存款人', 'name'],
      ['法定代表人（单位负责人）', 'legalRepresentative'],
    ],
    validityLabel: '',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  道路运输经营许可证: {
    typeCode: '11100000000019713D021',
    numberLabel: '许可证号',
    holderItems: [
      ['业户名称', 'name'],
      ['地址', 'address'],
    ],
    validityLabel: '有效期',
    authorityLabel: '核发机关',
    dateLabel: '核发日期',
  },
  医疗器械经营许可证: {
    typeCode: '11100000MB0143028R045',
    numberLabel: '许可证编号',
    holderItems: [
      ['企业名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['法定代表人', 'legalRepresentative'],
      ['住所', 'address'],
    ],
    validityLabel: '有效期限',
    authorityLabel: '发证部门',
    dateLabel: '发证日期',
  },
  出版物经营许可证: {
    typeCode: '11100000000014496R006',
    numberLabel: '许可证号',
    holderItems: [
      ['单位名称', 'name'],
      ['法定代表人', 'legalRepresentative'],
      ['经营场所', 'address'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  特种行业许可证: {
    typeCode: '11100000000013338W031',
    numberLabel: '编号',
    holderItems: [
      ['企业名称', 'name'],
      ['法定代表人（负责人）', 'legalRepresentative'],
      ['经营地址', 'address'],
    ],
    validityLabel: '',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  排污许可证: {
    typeCode: '11100000MB0001A07D007',
    numberLabel: '证书编号',
    holderItems: [
      ['单位名称', 'name'],
      ['注册地址', 'address'],
      ['法定代表人', 'legalRepresentative'],
      ['统一社会信用代码', 'uscc'],
    ],
    validityLabel: '有效期限',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  建筑业企业资质证书: {
    typeCode: '11100000000013127D012',
    numberLabel: '证书编号',
    holderItems: [
      ['企业名称', 'name'],
      ['详细地址', 'address'],
      ['统一社会信用代码', 'uscc'],
      ['法定代表人', 'legalRepresentative'],
      ['注册资本', 'registeredCapital'],
      ['经济性质', 'type'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  安全生产许可证: {
    typeCode: '11100000000013127D020',
    numberLabel: '编号',
    holderItems: [
      ['单位名称', 'name'],
      ['主要负责人', 'legalRepresentative'],
      ['单位地址', 'address'],
      ['经济类型', 'type'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  动物防疫条件合格证: {
    typeCode: '11100000MB16500219009',
    numberLabel: '代码编号',
    holderItems: [
      ['单位名称', 'name'],
      ['法定代表人（负责人）', 'legalRepresentative'],
      ['单位地址', 'address'],
    ],
    validityLabel: '',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  增值电信业务经营许可证: {
    typeCode: '1110000071780652XP004',
    numberLabel: '经营许可证编号',
    holderItems: [
      ['公司名称', 'name'],
      ['法定代表人（负责人）', 'legalRepresentative'],
      ['注册住所', 'address'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  律师事务所执业许可证: {
    typeCode: '11100000000013186G011',
    numberLabel: '许可证号',
    holderItems: [
      ['律师事务所名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['负责人', 'legalRepresentative'],
      ['住所', 'address'],
    ],
    validityLabel: '',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  会计师事务所执业证书: {
    typeCode: '111000000000132589015',
    numberLabel: '执业证书编号',
    holderItems: [
      ['名称', 'name'],
      ['首席合伙人', 'legalRepresentative'],
      ['经营场所', 'address'],
    ],
    validityLabel: '',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
  公共场所卫生许可证: {
    typeCode: '111000000000135577017',
    numberLabel: '卫生许可证号',
    holderItems: [
      ['单位名称', 'name'],
      ['法定代表人（负责人）', 'legalRepresentative'],
      ['地址', 'address'],
    ],
    validityLabel: '有效期',
    authorityLabel: '发证机关',
    dateLabel: '发证日期',
  },
} as const satisfies Record<string, CertificateKind>;

/** The kinds of certificate that the samples issue. */
export type CertificateType = keyof typeof kinds;

/** The words of each kind's face, by the certificate's name. */
export const certificateKinds: Readonly<Record<CertificateType, CertificateKind>> = kinds;
