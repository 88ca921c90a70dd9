import { certificateKinds, type CertificateType } from '../sample/certificate-kinds.table.ts';

/** A certificate type of the shared catalogue (证照目录, delta specification 6.2): who defines it, and until when it is shared. */
export interface CatalogueType {
  readonly type: string;
  readonly typeCode: string;
  readonly authorityName: string;
  readonly authorityCode: string;
  readonly relatedItemName: string;
  readonly relatedItemCode: string;
  readonly updatedAt: string;
  /** First and last day of sharing, YYYY-MM-DD; an empty end is long-term (6.2 c). */
  readonly sharedFrom: string;
  readonly sharedUntil: string;
}

const samr = { authorityName: '国家市场监督管理总局', authorityCode: '11100000MB0143028R' };
const details: Readonly<Record<CertificateType, readonly [name: string, code: string, item: string, itemCode: string]>> = {
  营业执照: [samr.authorityName, samr.authorityCode, '企业设立登记', '310131001000'],
  食品经营许可证: [samr.authorityName, samr.authorityCode, '食品经营许可', '310131015000'],
  食品生产许可证: [samr.authorityName, samr.authorityCode, '食品生产许可', '310131014000'],
  开户许可证: ['中国人民银行', '11100000000013039N', '银行账户开户许可', '310171002000'],
  道路运输经营许可证: ['交通运输部', '11100000000019713D', '道路货物运输经营许可', '310118020000'],
  医疗器械经营许可证: ['国家药品监督管理局', '11100000MB0341032Y', '医疗器械经营许可', '310172011000'],
  出版物经营许可证: ['国家新闻出版署', '11100000MB19593080', '出版物零售业务许可', '310139006000'],
  特种行业许可证: ['公安部', '11100000000013178R', '旅馆业特种行业许可', '310109008000'],
  排污许可证: ['生态环境部', '11100000MB14217120', '排污许可', '310116004000'],
  建筑业企业资质证书: ['住房和城乡建设部', '11100000000013338W', '建筑业企业资质认定', '310117003000'],
  安全生产许可证: ['住房和城乡建设部', '11100000000013338W', '建筑施工企业安全生产许可', '310117009000'],
  动物防疫条件合格证: ['农业农村部', '11100000MB1643353T', '动物防疫条件合格证核发', '310120017000'],
  增值电信业务经营许可证: ['工业和信息化部', '11100000717806699Y', '增值电信业务经营许可', '310107002000'],
  律师事务所执业许可证: ['司法部', '11100000MB0207919D', '律师事务所设立许可', '310112005000'],
  会计师事务所执业证书: ['财政部', '11100000000013186G', '会计师事务所执业许可', '310113002000'],
  公共场所卫生许可证: ['国家卫生健康委员会', '11100000MB1896130Q', '公共场所卫生许可', '310123012000'],
};

/** A type that was given up years ago: asked for, it is outside its time (7.3 b). */
export const endedType: CatalogueType = {
  type: '组织机构代码证',
  typeCode: '11100000MB0143028R099',
  ...samr,
  relatedItemName: '组织机构代码登记',
  relatedItemCode: '310131099000',
  updatedAt: '2018-01-01 00:00:00',
  sharedFrom: '2010-01-01',
  sharedUntil: '2017-12-31',
};

/** The whole catalogue; all but one entry are shared long-term. */
const sharedTypes: readonly CatalogueType[] = (Object.keys(details) as CertificateType[]).map((type) => {
  const [authorityName, authorityCode, relatedItemName, relatedItemCode] = details[type];
  return {
    type,
    typeCode: certificateKinds[type].typeCode,
    authorityName,
    authorityCode,
    relatedItemName,
    relatedItemCode,
    updatedAt: '2026-09-01 00:00:00',
    sharedFrom: '2024-01-01',
    sharedUntil: '',
  };
});

/** What is published: what is shared now, and what was. */
export const catalogueTypes: readonly CatalogueType[] = [...sharedTypes, endedType];
