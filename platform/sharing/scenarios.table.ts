import type { ScenarioList } from './scenario-rules.ts';

const updatedAt = '2026-09-01 00:00:00';

/** The published lists, the most used first. */
export const scenarioLists: readonly ScenarioList[] = [
  { itemName: '公司变更登记', itemCode: '310131002001', updatedAt, types: 'all', isLinked: true },
  { itemName: '企业开办一件事', itemCode: '310131001001', updatedAt, types: 'all', isLinked: true },
  { itemName: '银行对公账户开户', itemCode: '310171002001', updatedAt, types: 'all', isLinked: true },
  {
    itemName: '食品经营许可变更',
    itemCode: '310131015002',
    updatedAt,
    types: ['营业执照', '食品经营许可证', '食品生产许可证', '公共场所卫生许可证'],
    isLinked: true,
  },
  {
    itemName: '建筑施工企业资质延续',
    itemCode: '310117003002',
    updatedAt,
    types: ['营业执照', '建筑业企业资质证书', '安全生产许可证', '排污许可证'],
    isLinked: true,
  },
  { itemName: '政府采购供应商登记', itemCode: '310113020001', updatedAt, types: 'all', isLinked: true },
  { itemName: '惠企政策兑付申请', itemCode: '310199001001', updatedAt, types: 'all', isLinked: true },
  { itemName: '道路货物运输经营许可', itemCode: '310118020001', updatedAt, types: ['营业执照', '道路运输经营许可证'], isLinked: true },
  { itemName: '三证合一换照', itemCode: '310131009001', updatedAt: '2017-01-01 00:00:00', types: 'all', isLinked: true, usableUntil: '2017-12-31' },
  { itemName: '行政执法检查', itemCode: '310199009001', updatedAt, types: 'all', isLinked: false },
];
