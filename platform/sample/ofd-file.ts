import { strToU8, zipSync } from 'fflate';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import type { CjkFont, FontFace } from './cjk-font.ts';
import type { Colour, Drawing, DrawingItem, PathItem, TextItem } from './drawing.ts';
import type { FileFacts } from './pdf-file.ts';

/** Packs a drawing as an OFD of one page (GB/T 33190-2016) with its fonts inside. Equal input gives equal bytes. */
export function encodeOfd(drawing: Drawing, fonts: ReadonlyMap<FontFace, CjkFont>, facts: FileFacts): Uint8Array {
  const faces = [...fonts.values()];
  const fontIds = new Map(faces.map((font, i) => [font.face, 3 + i]));
  const firstObject = 3 + faces.length;
  const objects = drawing.items.map((item, i) => printObject(item, firstObject + i, fonts, fontIds));
  const files: Record<string, Uint8Array> = {
    'OFD.xml': xml(printEntry(facts)),
    'Doc_0/Document.xml': xml(printDocument(drawing, firstObject + objects.length)),
    'Doc_0/PublicRes.xml': xml(printResources(faces, fontIds)),
    'Doc_0/Pages/Page_0/Content.xml': xml(
      `<ofd:Page ${namespace}><ofd:Content><ofd:Layer ID="2" Type="Body">${objects.join('')}</ofd:Layer></ofd:Content></ofd:Page>`,
    ),
  };
  for (const font of faces) files[`Doc_0/Res/${font.name}.ttf`] = font.bytes;
  // A local time without zone, as ZIP keeps it: the same bytes on every machine.
  return zipSync(files, { level: 6, mtime: new Date(2020, 0, 1) });
}

const namespace = 'xmlns:ofd="http://www.ofdspec.org/2016"';

function xml(text: string): Uint8Array {
  return strToU8(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
}

function printEntry(facts: FileFacts): string {
  const id = encodeHex(sm3(strToU8(`${facts.title}|${facts.number}`))).slice(0, 32);
  return (
    `<ofd:OFD ${namespace} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>` +
    `<ofd:DocID>${id}</ofd:DocID><ofd:Title>${escape(facts.title)}</ofd:Title><ofd:Author>${escape(facts.author)}</ofd:Author>` +
    `<ofd:CreationDate>${facts.date}</ofd:CreationDate><ofd:Creator>Counter reference platform</ofd:Creator>` +
    `<ofd:CustomDatas><ofd:CustomData Name="ZZBH">${escape(facts.number)}</ofd:CustomData></ofd:CustomDatas>` +
    `</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`
  );
}

function printDocument(drawing: Drawing, maxId: number): string {
  return (
    `<ofd:Document ${namespace}><ofd:CommonData><ofd:MaxUnitID>${maxId}</ofd:MaxUnitID>` +
    `<ofd:PageArea><ofd:PhysicalBox>0 0 ${drawing.width} ${drawing.height}</ofd:PhysicalBox></ofd:PageArea>` +
    `<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>` +
    `<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`
  );
}

function printResources(faces: readonly CjkFont[], ids: ReadonlyMap<FontFace, number>): string {
  const fonts = faces.map(
    (font) => `<ofd:Font ID="${ids.get(font.face)}" FontName="${font.name}" FamilyName="${font.name}"><ofd:FontFile>${font.name}.ttf</ofd:FontFile></ofd:Font>`,
  );
  return `<ofd:Res ${namespace} BaseLoc="Res"><ofd:Fonts>${fonts.join('')}</ofd:Fonts></ofd:Res>`;
}

function printObject(
  item: DrawingItem,
  id: number,
  fonts: ReadonlyMap<FontFace, CjkFont>,
  fontIds: ReadonlyMap<FontFace, number>,
): string {
  if (item.kind === 'path') return printPath(item, id);
  const font = fonts.get(item.face);
  return font === undefined ? '' : printText(item, id, font, fontIds.get(item.face) ?? 0);
}

function printPath(item: PathItem, id: number): string {
  const margin = item.stroke === undefined ? 0 : (item.lineWidth ?? 0.353) * 2;
  const values = item.steps.flatMap(([, ...coordinates]): number[] => [...coordinates]);
  const xs = values.filter((_, i) => i % 2 === 0);
  const ys = values.filter((_, i) => i % 2 === 1);
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  const [width, height] = [Math.max(...xs) + margin - left, Math.max(...ys) + margin - top];
  const operators = { M: 'M', L: 'L', C: 'B', Z: 'C' } as const;
  const data = item.steps.map(([name, ...coordinates]) =>
    [operators[name], ...coordinates.map((value, i) => number(value - (i % 2 === 0 ? left : top)))].join(' '));
  return (
    `<ofd:PathObject ID="${id}" Boundary="${[left, top, width, height].map(number).join(' ')}"` +
    ` Stroke="${item.stroke !== undefined}" Fill="${item.fill !== undefined}" LineWidth="${number(item.lineWidth ?? 0.353)}">` +
    (item.stroke === undefined ? '' : `<ofd:StrokeColor Value="${item.stroke.join(' ')}"/>`) +
    (item.fill === undefined ? '' : `<ofd:FillColor Value="${item.fill.join(' ')}"/>`) +
    `<ofd:AbbreviatedData>${data.join(' ')}</ofd:AbbreviatedData></ofd:PathObject>`
  );
}

/** The object's own space has its origin at the start of the baseline; CTM turns and stretches it (GB/T 33190 8.5). */
function printText(item: TextItem, id: number, font: CjkFont, fontId: number): string {
  const characters = [...item.text];
  const steps = characters.map((character) => font.advance(character) * item.size + (item.spacing ?? 0));
  const length = steps.reduce((sum, step) => sum + step, 0) * (item.stretch ?? 1);
  const turn = ((item.angle ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [up, down] = [-font.ascent * item.size, -font.descent * item.size];
  const xs = [0, length].flatMap((u) => [up, down].map((v) => item.x + u * cos - v * sin));
  const ys = [0, length].flatMap((u) => [up, down].map((v) => item.y + u * sin + v * cos));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const boundary = [left, top, Math.max(...xs) - left, Math.max(...ys) - top].map(number).join(' ');
  const stretch = item.stretch ?? 1;
  const matrix = [cos * stretch, sin * stretch, -sin, cos, item.x - left, item.y - top].map(number).join(' ');
  const plain = turn === 0 && stretch === 1;
  const place = plain ? `X="${number(item.x - left)}" Y="${number(item.y - top)}"` : 'X="0" Y="0"';
  const deltas = steps.slice(0, -1).map(number).join(' ');
  return (
    `<ofd:TextObject ID="${id}" Boundary="${boundary}" Font="${fontId}" Size="${number(item.size)}"${plain ? '' : ` CTM="${matrix}"`}>` +
    `<ofd:FillColor Value="${rgb(item.colour)}"/>` +
    `<ofd:TextCode ${place}${deltas === '' ? '' : ` DeltaX="${deltas}"`}>${escape(item.text)}</ofd:TextCode></ofd:TextObject>`
  );
}

function rgb(colour: Colour): string {
  return colour.join(' ');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function number(value: number): string {
  return String(Math.round(value * 10000) / 10000);
}
