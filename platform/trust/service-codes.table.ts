/** A sample code of a kind that 12.2.2 names beside the enterprise service code; all persons and numbers are invented. */
export interface ServiceCodeSample {
  readonly kind: string;
  readonly companyIndex: number;
  readonly user: { readonly userName: string; readonly idCard: string; readonly phone: string };
}

const samples: readonly (ServiceCodeSample & { readonly code: string })[] = [
  {
    kind: '随申码',
    code: 'SSM31000020260001A7F3C9E1',
    companyIndex: 0,
    user: { userName: '刘思远', idCard: '310199199001010014', phone: '19900002101' },
  },
  {
    kind: '苏服码',
    code: 'SFM32000020260001B2D8E4F6',
    companyIndex: 1,
    user: { userName: '赵文博', idCard: '320199198805050023', phone: '19900002102' },
  },
  {
    kind: '安徽码',
    code: 'AHM34000020260001C5A1B7D3',
    companyIndex: 2,
    user: { userName: '孙嘉怡', idCard: '340199199203030045', phone: '19900002103' },
  },
  {
    kind: '浙江电子证照码',
    code: 'ZJDZZZ33000020260001D9E2F8',
    companyIndex: 3,
    user: { userName: '吴晓岚', idCard: '330199198707070067', phone: '19900002104' },
  },
  {
    kind: '上海电子证照条码',
    code: '310000202600014485',
    companyIndex: 0,
    user: { userName: '刘思远', idCard: '310199199001010014', phone: '19900002101' },
  },
];

/** The sample codes by their text, which must be passed on unchanged (table 10). */
export const serviceCodeSamples: ReadonlyMap<string, ServiceCodeSample> = new Map(samples.map(({ code, ...sample }) => [code, sample]));
