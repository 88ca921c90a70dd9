import type { CertificateType } from './certificate-kinds.table.ts';
import type { Colour } from './drawing.ts';

/** How a kind of certificate looks. `booklet` is an opened fold with a cover half; `statement` is one paragraph and lines. */
export interface CertificateStyle {
  readonly layout: 'licence' | 'sheet' | 'booklet' | 'statement';
  readonly page: readonly [width: number, height: number];
  readonly frame: 'double' | 'wave' | 'rule';
  readonly paper: Colour;
  readonly ink: Colour;
  readonly soft: Colour;
  readonly tint: Colour;
  readonly title: Colour;
  readonly columns: 1 | 2;
  readonly rosette: boolean;
  /** Small line above the title, and the sentence below the fields. */
  readonly heading?: string;
  readonly sentence?: string;
  readonly maker: string;
}

const landscape = [297, 210] as const;
const portrait = [210, 297] as const;
const black: Colour = [30, 26, 22];
const red: Colour = [176, 28, 36];

const gold = { ink: [181, 140, 52], soft: [221, 192, 120], tint: [246, 236, 212], paper: [255, 253, 246] } as const;
const green = { ink: [42, 122, 88], soft: [143, 196, 170], tint: [224, 240, 231], paper: [251, 254, 251] } as const;
const blue = { ink: [45, 97, 158], soft: [150, 186, 222], tint: [225, 236, 247], paper: [251, 253, 255] } as const;
const rose = { ink: [168, 62, 58], soft: [222, 160, 150], tint: [250, 231, 226], paper: [255, 253, 251] } as const;
const teal = { ink: [28, 116, 128], soft: [140, 196, 202], tint: [220, 240, 241], paper: [250, 254, 254] } as const;
const plum = { ink: [110, 74, 140], soft: [186, 164, 206], tint: [238, 231, 245], paper: [254, 252, 255] } as const;

/** The look of each kind of certificate. */
export const certificateStyles: Readonly<Record<CertificateType, CertificateStyle>> = {
  营业执照: { ...gold, layout: 'licence', page: landscape, frame: 'double', title: black, columns: 2, rosette: true, maker: '国家市场监督管理总局监制' },
  食品经营许可证: { ...green, layout: 'sheet', page: landscape, frame: 'wave', title: black, columns: 2, rosette: true, maker: '国家市场监督管理总局监制' },
  食品生产许可证: { ...green, layout: 'sheet', page: landscape, frame: 'double', title: [22, 92, 62], columns: 2, rosette: true, maker: '国家市场监督管理总局监制' },
  开户许可证: {
    ...blue, layout: 'statement', page: [240, 165], frame: 'wave', title: [24, 66, 122], columns: 1, rosette: false,
    sentence: '经审核，{name}符合开户条件，准予开立基本存款账户。', maker: '中国人民银行监制',
  },
  道路运输经营许可证: { ...blue, layout: 'booklet', page: landscape, frame: 'rule', title: red, columns: 1, rosette: true, heading: '中华人民共和国', maker: '交通运输部监制' },
  医疗器械经营许可证: { ...teal, layout: 'sheet', page: portrait, frame: 'wave', title: [16, 84, 94], columns: 1, rosette: true, maker: '国家药品监督管理局制' },
  出版物经营许可证: { ...plum, layout: 'sheet', page: portrait, frame: 'double', title: [84, 50, 116], columns: 1, rosette: true, heading: '中华人民共和国', maker: '国家新闻出版署监制' },
  特种行业许可证: { ...rose, layout: 'booklet', page: landscape, frame: 'wave', title: [150, 30, 36], columns: 1, rosette: true, maker: '公安部治安管理局监制' },
  排污许可证: { ...green, layout: 'sheet', page: landscape, frame: 'wave', title: [18, 98, 66], columns: 1, rosette: false, maker: '中华人民共和国生态环境部监制' },
  建筑业企业资质证书: { ...rose, layout: 'sheet', page: portrait, frame: 'double', title: red, columns: 1, rosette: true, maker: '中华人民共和国住房和城乡建设部制' },
  安全生产许可证: { ...gold, layout: 'sheet', page: landscape, frame: 'wave', title: red, columns: 1, rosette: false, maker: '应急管理部监制' },
  动物防疫条件合格证: { ...green, layout: 'sheet', page: landscape, frame: 'rule', title: red, columns: 1, rosette: false, maker: '中华人民共和国农业农村部监制' },
  增值电信业务经营许可证: { ...teal, layout: 'sheet', page: portrait, frame: 'rule', title: red, columns: 1, rosette: false, heading: '中华人民共和国', maker: '中华人民共和国工业和信息化部监制' },
  律师事务所执业许可证: {
    ...rose, layout: 'booklet', page: landscape, frame: 'double', title: [150, 30, 36], columns: 1, rosette: true,
    sentence: '依据《中华人民共和国律师法》，准予设立并执业。', maker: '中华人民共和国司法部监制',
  },
  会计师事务所执业证书: { ...plum, layout: 'sheet', page: landscape, frame: 'double', title: [84, 50, 116], columns: 1, rosette: true, maker: '中华人民共和国财政部制' },
  公共场所卫生许可证: { ...blue, layout: 'sheet', page: landscape, frame: 'rule', title: [24, 66, 122], columns: 1, rosette: true, maker: '国家卫生健康委员会监制' },
};
