/** A sample code of a kind that 12.2.2 names beside the enterprise service code; all numbers are invented. */
export interface ServiceCodeSample {
  readonly kind: string;
  readonly companyId: string;
  /** Of the person who shows the code; a code of the company itself answers with its USCC (wire notes W24). */
  readonly idCard?: string;
}

const samples: readonly (ServiceCodeSample & { readonly code: string })[] = [
  { kind: '随申码', code: 'SSM31000020260001A7F3C9E1', companyId: 'yunfan', idCard: '310199199001010014' },
  { kind: '苏服码', code: 'SFM32000020260001B2D8E4F6', companyId: 'suling', idCard: '320199198805050023' },
  { kind: '安徽码', code: 'AHM34000020260001C5A1B7D3', companyId: 'jiuhua-farm', idCard: '340199199203030045' },
  { kind: '浙江电子证照码', code: 'ZJDZZZ33000020260001D9E2F8', companyId: 'qiantang-cloud', idCard: '330199198707070067' },
  { kind: '上海电子证照二维码', code: 'SHDZZZ31000020260001E4C6A2', companyId: 'yunfan', idCard: '310199199001010014' },
  { kind: '上海电子证照条码', code: '310000202600014485', companyId: 'yunfan', idCard: '310199199001010014' },
  { kind: '支付宝卡包身份证电子证照二维码', code: 'ZFBKB31000020260001F1B8D5', companyId: 'suling', idCard: '320199198805050023' },
  { kind: '长三角证照二维码', code: 'CSJZZ31000020260001A9D3E7', companyId: 'huiteng-build', idCard: '340199198911110018' },
  { kind: '电子营业执照小程序二维码', code: 'DZYYZZ31000020260001B6F2C4', companyId: 'taihu-food' },
];

/** The sample codes by their text, which must be passed on unchanged (table 10). */
export const serviceCodeSamples: ReadonlyMap<string, ServiceCodeSample> = new Map(samples.map(({ code, ...sample }) => [code, sample]));
