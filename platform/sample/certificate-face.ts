import { certificateKinds } from './certificate-kinds.table.ts';
import { certificateStyles } from './certificate-styles.table.ts';
import type { CertificateStyle } from './certificate-styles.table.ts';
import { centred, rectangle, wrapText } from './drawing.ts';
import type { Colour, Drawing, DrawingItem, Measure, TextItem } from './drawing.ts';
import { setFields } from './field-block.ts';
import { doubleFrame, engineTurning, inset, qrField, rosette, roundSeal, ruleFrame, waveFrame } from './ornaments.ts';
import type { Box } from './ornaments.ts';
import { printChineseDate } from './sample-company.ts';
import type { SampleCertificate, SampleCompany } from './sample-company.ts';

/** Draws the face of a certificate by the layout of its kind; every line of `surface` is on it. */
export function composeCertificate(measure: Measure, company: SampleCompany, certificate: SampleCertificate): Drawing {
  const style = certificateStyles[certificate.type];
  const sheet: Sheet = { measure, company, certificate, style, entries: bodyEntries(certificate) };
  const [width, height] = style.page;
  const items = [...background(style), ...layouts[style.layout](sheet), ...footer(sheet)];
  return { width, height, items };
}

interface Sheet {
  readonly measure: Measure;
  readonly company: SampleCompany;
  readonly certificate: SampleCertificate;
  readonly style: CertificateStyle;
  readonly entries: readonly (readonly [string, string])[];
}

const layouts: Record<CertificateStyle['layout'], (sheet: Sheet) => DrawingItem[]> = {
  licence: licenceLayout,
  sheet: sheetLayout,
  booklet: bookletLayout,
  statement: statementLayout,
};

const ink: Colour = [34, 30, 26];
const gold: Colour = [222, 180, 84];

/** What is left for the fields once number, authority and date have their own places. */
function bodyEntries(certificate: SampleCertificate): [string, string][] {
  const kind = certificateKinds[certificate.type];
  const placed = new Set([kind.numberLabel, kind.authorityLabel, kind.dateLabel]);
  return Object.entries(certificate.surface).filter(([label]) => !placed.has(label));
}

function background(style: CertificateStyle): DrawingItem[] {
  const [width, height] = style.page;
  const box = { x: 9, y: 9, width: width - 18, height: height - 18 };
  const frames = {
    double: () => doubleFrame(box, 1.5, style.ink, style.soft),
    wave: () => waveFrame(box, 6, style.ink, style.soft),
    rule: () => ruleFrame(inset(box, 2), style.ink),
  };
  return [
    { kind: 'path', steps: rectangle(0, 0, width, height), fill: style.paper },
    ...engineTurning(width / 2, height / 2, Math.min(width, height) * 0.34, style.tint),
    ...frames[style.frame](),
  ];
}

/** 营业执照: ornament and title in the middle, code at the left, QR at the right, two columns, seal below the right one. */
function licenceLayout({ measure, company, certificate, style, entries }: Sheet): DrawingItem[] {
  const facts = new Map(entries);
  const left = entries.filter(([label]) => label !== '统一社会信用代码').filter((_, i) => i < 3);
  const scope = facts.get('经营范围') ?? '';
  const right = entries.filter(([label]) => !left.some(([l]) => l === label) && !['统一社会信用代码', '经营范围'].includes(label));
  const colours = { labelColour: [120, 84, 20], valueColour: ink } as const;
  return [
    ...rosette(148.5, 34, 13, [186, 24, 36], gold),
    centred(measure, { text: '营业执照', face: 'serif-700', size: 17, spacing: 9, cx: 148.5, y: 68, colour: style.title }),
    centred(measure, { text: '（副本）', face: 'serif-400', size: 5, spacing: 1, cx: 148.5, y: 78, colour: style.title }),
    { kind: 'text', text: '统一社会信用代码', face: 'serif-700', size: 4.4, x: 28, y: 34, colour: [120, 84, 20] },
    { kind: 'text', text: company.uscc, face: 'serif-700', size: 5, x: 28, y: 42, colour: ink },
    { kind: 'text', text: `证照编号：${certificate.number}`, face: 'serif-400', size: 3.4, x: 28, y: 49, colour: ink },
    ...qrField({ x: 240, y: 26, width: 27, height: 27 }, publicityAddress(company)),
    ...['扫描二维码登录“国家企业', '信用信息公示系统”了解更多', '登记、备案、许可、监管信息'].map((text, i): TextItem =>
      centred(measure, { text, face: 'serif-400', size: 2.5, cx: 253.5, y: 60 + i * 3.7, colour: ink })),
    ...setFields(measure, { entries: [...left, ['经营范围', scope]], x: 28, y: 86, width: 132, ...colours }, 92),
    ...setFields(measure, { entries: right, x: 170, y: 86, width: 100, ...colours }, 42),
    ...signature(measure, certificate, { x: 178, y: 136, width: 92, height: 44 }),
  ];
}

/** One page: number under the title, fields in one or two columns, QR at the left of the seal. */
function sheetLayout({ measure, company, certificate, style, entries }: Sheet): DrawingItem[] {
  const [width, height] = style.page;
  const cx = width / 2;
  const top = style.rosette ? 48 : 28;
  const titleSize = width > height ? 14 : 13;
  const fieldsTop = top + 28 + (style.heading === undefined ? 0 : 8);
  const room = height - fieldsTop - 72;
  const colours = { labelColour: style.title, valueColour: ink };
  const perColumn = style.columns === 2 ? Math.ceil(entries.length / 2) : entries.length;
  const columnWidth = style.columns === 2 ? (width - 68) / 2 : width - 60;
  const titleY = top + (style.heading === undefined ? 10 : 19);
  return [
    ...(style.rosette ? rosette(cx, 31, 11, [186, 24, 36], gold) : []),
    ...heading(measure, style, cx, top + 3),
    centred(measure, { text: certificate.type, face: 'serif-700', size: titleSize, spacing: 3, cx, y: titleY, colour: style.title, room: width - 70 }),
    centred(measure, { text: numberLine(certificate), face: 'serif-400', size: 4.2, cx, y: titleY + 10, colour: ink }),
    ...[0, 1].slice(0, style.columns).flatMap((column) =>
      setFields(measure, {
        entries: entries.slice(column * perColumn, (column + 1) * perColumn),
        x: 30 + column * (columnWidth + 8),
        y: fieldsTop,
        width: columnWidth,
        ...colours,
      }, room)),
    ...qrField({ x: 32, y: height - 62, width: 26, height: 26 }, publicityAddress(company)),
    ...signature(measure, certificate, { x: width - 122, y: height - 70, width: 92, height: 44 }),
  ];
}

/** An opened fold: cover at the left, fields at the right. */
function bookletLayout({ measure, company, certificate, style, entries }: Sheet): DrawingItem[] {
  const [width, height] = style.page;
  const quarter = width / 4;
  const fold = width / 2;
  const right = { x: fold + 14, width: fold - 40 };
  const fields = { entries, ...right, y: 44, labelColour: style.title, valueColour: ink };
  const sentence = style.sentence === undefined ? [] : wrapText(measure, 'serif-400', 4.6, style.sentence, fold - 42);
  return [
    { kind: 'path', steps: [['M', fold, 22], ['L', fold, height - 22]], stroke: style.soft, lineWidth: 0.3 },
    ...rosette(quarter + 6, 68, 19, [186, 24, 36], gold),
    ...heading(measure, style, quarter + 6, 106),
    centred(measure, { text: certificate.type, face: 'serif-700', size: 14, spacing: 2.4, cx: quarter + 6, y: 124, colour: style.title, room: fold - 44 }),
    ...sentence.map((text, i) => centred(measure, { text, face: 'serif-400', size: 4.6, cx: quarter + 6, y: 142 + i * 8, colour: ink })),
    ...qrField({ x: quarter - 6, y: height - 56, width: 24, height: 24 }, publicityAddress(company)),
    centred(measure, { text: numberLine(certificate), face: 'serif-400', size: 4.2, cx: right.x + right.width / 2, y: 34, colour: ink, room: right.width }),
    ...setFields(measure, fields, height - 44 - 72),
    ...signature(measure, certificate, { x: width - 118, y: height - 70, width: 92, height: 44 }),
  ];
}

/** 开户许可证: one sentence of permission, then the lines of the account. */
function statementLayout({ measure, company, certificate, style, entries }: Sheet): DrawingItem[] {
  const [width, height] = style.page;
  const sentence = (style.sentence ?? '').replace('{name}', company.name);
  const numbered = entries.filter(([label]) => label === '编号');
  const body = entries.filter(([label]) => label !== '编号');
  return [
    centred(measure, { text: certificate.type, face: 'serif-700', size: 13, spacing: 6, cx: width / 2, y: 37, colour: style.title }),
    { kind: 'text', text: numberLine(certificate), face: 'serif-400', size: 4, x: 30, y: 50, colour: ink },
    ...numbered.map(([label, value]): TextItem => {
      const text = `${label}：${value}`;
      return { kind: 'text', text, face: 'serif-400', size: 4, x: width - 30 - measure('serif-400', 4, text), y: 50, colour: ink };
    }),
    ...wrapText(measure, 'serif-400', 4.8, `　　${sentence}`, width - 60).map((text, i): TextItem => (
      { kind: 'text', text, face: 'serif-400', size: 4.8, x: 30, y: 63 + i * 7.6, colour: ink })),
    ...setFields(measure, { entries: body, x: 30, y: 77, width: width - 60, labelColour: style.title, valueColour: ink }, 40),
    ...signature(measure, certificate, { x: width - 122, y: height - 62, width: 92, height: 36 }),
  ];
}

function heading(measure: Measure, style: CertificateStyle, cx: number, y: number): DrawingItem[] {
  if (style.heading === undefined) return [];
  return [centred(measure, { text: style.heading, face: 'serif-700', size: 6, spacing: 2, cx, y, colour: style.title })];
}

function numberLine(certificate: SampleCertificate): string {
  return `${certificateKinds[certificate.type].numberLabel}：${certificate.number}`;
}

/** Authority and date, with the seal under the end of them so that the ink of both stays readable. */
function signature(measure: Measure, certificate: SampleCertificate, box: Box): DrawingItem[] {
  const kind = certificateKinds[certificate.type];
  const radius = Math.min(20, box.height / 2);
  const cx = box.x + box.width - radius;
  const middle = box.y + box.height / 2;
  const textMiddle = box.x + box.width / 2 - radius + 2;
  const line = { face: 'serif-700', cx: textMiddle, colour: ink, room: box.width - radius * 1.2 } as const;
  return [
    ...roundSeal(measure, cx, middle, radius, certificate.issueDept, '电子证照专用章'),
    centred(measure, { ...line, text: kind.authorityLabel, size: 4, y: middle - 7 }),
    centred(measure, { ...line, text: certificate.issueDept, size: 4.8, y: middle + 1 }),
    centred(measure, { ...line, text: printChineseDate(certificate.issueDate), size: 4.6, spacing: 0.4, y: middle + 9.5 }),
  ];
}

function footer({ measure, style }: Sheet): DrawingItem[] {
  const [width, height] = style.page;
  const y = height - 19.5;
  const grey: Colour = [120, 112, 100];
  const sample = '参考平台样例，主体与内容均为虚构，不具法律效力';
  return [
    { kind: 'text', text: sample, face: 'sans-400', size: 2.4, x: 28, y, colour: grey },
    { kind: 'text', text: style.maker, face: 'serif-400', size: 3, x: width - 28 - measure('serif-400', 3, style.maker), y, colour: grey },
  ];
}

function publicityAddress(company: SampleCompany): string {
  return `http://www.gsxt.gov.cn/index.html?uniscid=${company.uscc}`;
}
