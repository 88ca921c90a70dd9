import type { SampleCertificate, SampleCompany } from '../sample/sample-company.ts';

/** A province or city of the delta, whose certificate system holds what its authorities issue. */
export interface Province {
  readonly id: string;
  readonly name: string;
  /** How the names of its authorities begin, after those of national bodies. */
  readonly places: readonly string[];
}

/** The three provinces and the city (Annex A). */
export const provinces: readonly Province[] = [
  { id: '310000', name: '上海市', places: ['上海'] },
  { id: '320000', name: '江苏省', places: ['江苏', '南京', '苏州', '无锡'] },
  { id: '330000', name: '浙江省', places: ['浙江', '杭州', '宁波', '绍兴'] },
  { id: '340000', name: '安徽省', places: ['安徽', '合肥', '池州'] },
];

/** Who issued it holds it; where the authority's name does not tell, the holder's own region does. */
export function provinceOf(company: Pick<SampleCompany, 'uscc'>, { issueDept }: Pick<SampleCertificate, 'issueDept'>): string {
  const issuer = provinces.find(({ places }) => places.some((place) => issueDept.includes(place)));
  return (issuer ?? provinces.find(({ id }) => id.startsWith(company.uscc.slice(2, 4))) ?? provinces[0])?.id ?? '';
}
