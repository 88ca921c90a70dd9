import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Canvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createNodeCanvasKit } from '../../main/documents/ofd-canvas.ts';
import { createPagePainter, type DocumentChoice, listLinks, type OfdDocument, openOfdDocument, openOfdPackage, readBookmarks, usualLimits } from '../../ofd/index.ts';
import { decodePicture } from '../../ofd/picture-decoder.ts';
import { readPictureFacts } from '../../ofd/picture-size.ts';
import { makeDocument } from './made-document.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'rarer-'));
afterAll(() => rmSync(folder, { recursive: true }));
const kit = createNodeCanvasKit();

function open(bytes: Uint8Array, choice: DocumentChoice = {}): OfdDocument {
  const pack = openOfdPackage(bytes);
  const document = pack.ok ? openOfdDocument(pack.value, choice) : pack;
  if (!document.ok) throw new Error(document.failure.code);
  return document.value;
}

/** Paints the first page, two pixels a millimetre; the colour at a place in millimetres. */
async function paint(document: OfdDocument): Promise<(x: number, y: number) => readonly number[]> {
  const painted = await createPagePainter(document, kit).paint({ index: 0, scale: 2 });
  if (!painted.ok) throw new Error(painted.failure.code);
  const context = (painted.value.surface.canvas as Canvas).getContext('2d');
  return (x, y) => [...context.getImageData(x * 2, y * 2, 1, 1).data.slice(0, 3)];
}

const square = (x: number, y: number, color: string, more = ''): string =>
  `<PathObject ID="9" Boundary="${x} ${y} 40 40" Stroke="false" Fill="true" ${more}><FillColor Value="${color}"/><AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C</AbbreviatedData></PathObject>`;

describe('groups', () => {
  const resources = `<CompositeGraphicUnits><CompositeGraphicUnit ID="5" Width="100" Height="100"><Content>${square(0, 0, '255 0 0')}${square(20, 20, '0 0 255')}</Content></CompositeGraphicUnit></CompositeGraphicUnits>`;
  const use = (more: string): string => `<CompositeObject ID="7" ResourceID="5" Boundary="10 10 100 100" ${more}/>`;

  test('a composite shines through as a whole, not part by part', async () => {
    const at = await paint(open(makeDocument({ pages: [use('Alpha="128"')], resources })));
    expect(at(15, 15)).toEqual([255, 127, 127]);
    // Half of blue alone: red under it would make it violet.
    expect(at(40, 40)).toEqual([127, 127, 255]);
  });

  test('a thousand groups on one page end, and a group inside itself does too', async () => {
    const many = await paint(open(makeDocument({ pages: [use('Alpha="1"').repeat(1000)], resources })));
    expect(many(95, 95)).toEqual([255, 255, 255]);
    const circle = `<CompositeGraphicUnits><CompositeGraphicUnit ID="5"><Content>${square(0, 0, '255 0 0')}${use('Alpha="128"')}</Content></CompositeGraphicUnit></CompositeGraphicUnits>`;
    expect((await paint(open(makeDocument({ pages: [use('Alpha="128"')], resources: circle }))))(15, 15)).toEqual([255, 127, 127]);
  });
});

test('letters of a font that is not embedded are a clip', async () => {
  const clip = '<Clips><Clip><Area><Text Font="3" Size="60" Boundary="0 0 80 80"><TextCode X="0" Y="60">口</TextCode></Text></Area></Clip></Clips>';
  const object = `<PathObject ID="9" Boundary="10 10 80 80" Stroke="false" Fill="true"><FillColor Value="255 0 0"/>${clip}<AbbreviatedData>M 0 0 L 80 0 L 80 80 L 0 80 C</AbbreviatedData></PathObject>`;
  const at = await paint(open(makeDocument({ pages: [object], resources: '<Fonts><Font ID="3" FontName="SimHei"/></Fonts>' })));
  // The frame of the character is red; its middle and what lies beside it are not.
  const row = Array.from({ length: 90 }, (_, x) => at(x, 48)[1] === 0);
  expect(row.filter(Boolean).length).toBeGreaterThan(4);
  expect(at(40, 48)).toEqual([255, 255, 255]);
  expect(at(85, 85)).toEqual([255, 255, 255]);
});

test('a colour space with an ICC profile counts by its kind and the number of its channels', async () => {
  const resources = '<ColorSpaces><ColorSpace ID="6" Type="CMYK" Profile="ink.icc"/><ColorSpace ID="7" Type="GRAY" Profile="none.icc"/></ColorSpaces>';
  const filled = (x: number, space: number, value: string): string => `<PathObject ID="${x}" Boundary="${x} 10 20 20" Stroke="false" Fill="true"><FillColor ColorSpace="${space}" Value="${value}"/><AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C</AbbreviatedData></PathObject>`;
  const at = await paint(open(makeDocument({ pages: [filled(10, 6, '0 255 255 0') + filled(40, 7, '128')], resources, files: { 'Doc_0/ink.icc': 'no profile' } })));
  expect(at(20, 20)).toEqual([255, 0, 0]);
  expect(at(50, 20)).toEqual([128, 128, 128]);
});

test('a film stands as a field with its sign', async () => {
  const resources = '<MultiMedias><MultiMedia ID="4" Type="Video"><MediaFile>film.mp4</MediaFile></MultiMedia></MultiMedias>';
  const at = await paint(open(makeDocument({ pages: ['<ImageObject ID="9" ResourceID="4" Boundary="10 10 80 40" CTM="80 0 0 40 0 0"/>'], resources, files: { 'Doc_0/film.mp4': 'ftyp' } })));
  expect(at(12, 12)).toEqual([0xe3, 0xe6, 0xea]);
  expect(at(50, 30)).toEqual([0x6b, 0x74, 0x80]);
});

describe('several documents, several versions', () => {
  const second = '<DocBody><DocInfo><Title>Second</Title></DocInfo><DocRoot>Doc_1/Document.xml</DocRoot></DocBody>';
  const plain = (box: string): string => `<Document><CommonData><PageArea><PhysicalBox>${box}</PhysicalBox></PageArea></CommonData><Pages><Page ID="1" BaseLoc="/Doc_0/Pages/0.xml"/></Pages></Document>`;
  const versions = '<Versions><Version ID="v1" Index="1" BaseLoc="/Doc_0/v1.xml"/><Version ID="v2" Index="2" Current="true" BaseLoc="/Doc_0/v2.xml"/><Version ID="v3" Index="3" BaseLoc="/Doc_0/none.xml"/></Versions>';
  const version = (name: string, root: string): string => `<DocVersion ID="${name}" Name="${name}" CreationDate="2026-01-02"><FileList/><DocRoot>${root}</DocRoot></DocVersion>`;
  const files = {
    'Doc_1/Document.xml': plain('0 0 50 50'),
    'Doc_0/Old.xml': plain('0 0 70 70'),
    'Doc_0/New.xml': plain('0 0 80 80'),
    'Doc_0/v1.xml': version('v1', '/Doc_0/Old.xml'),
    'Doc_0/v2.xml': version('v2', '/Doc_0/New.xml'),
  };
  const bytes = makeDocument({ pages: [''], bodies: second, body: versions, files });

  test('each document of a package opens', () => {
    expect(open(bytes).documents).toBe(2);
    const other = open(bytes, { document: 1 });
    expect([other.info.title, other.pageBox.width, other.version]).toEqual(['Second', 50, null]);
    expect(() => open(bytes, { document: 2 })).toThrow('document/not-ofd');
  });

  test('the current version is the one that opens, the others are listed', () => {
    const document = open(bytes);
    expect([document.version, document.pageBox.width]).toEqual(['v2', 80]);
    expect(document.versions.map(({ id, current, entry }) => [id, current, entry])).toEqual([['v1', false, 'Doc_0/Old.xml'], ['v2', true, 'Doc_0/New.xml'], ['v3', false, null]]);
    expect(open(bytes, { version: 'v1' }).pageBox.width).toBe(70);
    expect(() => open(bytes, { version: 'v9' })).toThrow('document/no-version');
  });

  test('a current version whose file is missing leaves the plain root', () => {
    expect(open(makeDocument({ pages: [''], body: '<Versions><Version ID="v3" Current="true" BaseLoc="/Doc_0/none.xml"/></Versions>' })).pageBox.width).toBe(100);
  });
});

test('actions and bookmarks are told and lead nowhere by themselves', () => {
  const action = (what: string): string => `<Actions><Action Event="CLICK">${what}</Action></Actions>`;
  const annotation = `<PageAnnot><Annot ID="1" Type="Link"><Appearance Boundary="5 6 7 8"><PathObject ID="2" Boundary="1 1 2 2">${action('<Goto><Bookmark Name="end"/></Goto>')}</PathObject></Appearance></Annot></PageAnnot>`;
  const document = open(makeDocument({
    pages: [`<PathObject ID="3" Boundary="1 2 3 4">${action('<URI URI="http://example.invalid/"/>')}</PathObject>`, `<PathObject ID="4" Boundary="0 0 1 1">${action('<Unknown/>')}</PathObject>`],
    document: `<Bookmarks><Bookmark Name="end"><Dest Type="XYZ" PageID="2" Left="10" Top="55.5" Zoom="3"/></Bookmark></Bookmarks><Outlines><OutlineElem Title="Last">${action('<Goto><Bookmark Name="end"/></Goto>')}</OutlineElem></Outlines>${action('<GotoA AttachID="77"/>')}<Annotations>Annots.xml</Annotations>`,
    files: { 'Doc_0/Annots.xml': '<Annotations><Page PageID="1"><FileLoc>A1.xml</FileLoc></Page></Annotations>', 'Doc_0/A1.xml': annotation },
  }));
  expect(readBookmarks(document.root)).toEqual([{ name: 'end', pageId: '2', spot: { left: 10, top: 55.5 } }]);
  expect(document.outline).toEqual([{ title: 'Last', pageId: '2', spot: { left: 10, top: 55.5 }, children: [] }]);
  expect(listLinks(document).map(({ kind, target, pageId, onPageId, place }) => [kind, target, pageId, onPageId, place?.x ?? null])).toEqual([
    ['attachment', '77', null, null, null],
    ['address', 'http://example.invalid/', null, '1', 1],
    ['goto', 'end', '2', '1', 6],
  ]);
});

describe('JPEG 2000', () => {
  /** ImageMagick (OpenJPEG of another version) writes; the picture is known beforehand. */
  const make = (name: string, options: readonly string[]): Uint8Array => {
    const file = path.join(folder, name);
    execFileSync('convert', ['-size', '32x24', ...options, '-define', 'jp2:rate=1', file]);
    return new Uint8Array(readFileSync(file));
  };
  const pixel = async (bytes: Uint8Array, x: number, y: number): Promise<readonly number[] | null> => {
    const picture = await decodePicture(bytes, kit, usualLimits);
    return picture === null ? null : [...(picture.drawable as Canvas).getContext('2d').getImageData(x, y, 1, 1).data];
  };

  test.each([['c.jp2', 'sRGB', [200, 100, 50, 255]], ['c.j2k', 'sRGB', [200, 100, 50, 255]], ['g.jp2', 'Gray', null]] as const)('%s in %s', async (name, space, expected) => {
    const found = await pixel(make(name, ['xc:rgb(200,100,50)', '-colorspace', space]), 20, 20);
    if (expected !== null) expect(found).toEqual(expected);
    else expect(new Set(found?.slice(0, 3)).size).toBe(1);
  });

  test('a header that promises too much is not decoded', async () => {
    const bytes = make('big.j2k', ['xc:red']);
    const view = new DataView(bytes.buffer);
    const size = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0x51) + 2;
    view.setUint32(size + 4, 0x7fffffff);
    view.setUint32(size + 8, 0x7fffffff);
    expect(await decodePicture(bytes, kit, usualLimits)).toBeNull();
    view.setUint32(size + 4, 6000);
    view.setUint32(size + 8, 6000);
    view.setUint32(size + 20, 1);
    view.setUint32(size + 24, 1);
    expect(await decodePicture(bytes, kit, usualLimits)).toBeNull();
  });

  test('what another box holds is no header of the picture, wherever it lies', async () => {
    const bytes = make('decoy.jp2', ['xc:rgb(200,100,50)']);
    const stream = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
    const decoy = Buffer.concat([Buffer.from([0, 0, 0, 80]), Buffer.from('free'), bytes.subarray(stream, stream + 72)]);
    decoy.writeUInt32BE(8, 8 + 8);
    decoy.writeUInt32BE(6, 8 + 12);
    const behind = Buffer.from(bytes).readUInt32BE(12) + 12;
    const disguised = new Uint8Array(Buffer.concat([bytes.subarray(0, behind), decoy, bytes.subarray(behind)]));
    expect(readPictureFacts(disguised)).toEqual({ kind: 'jpeg2000', width: 32, height: 24 });
    expect(await pixel(disguised, 20, 20)).toEqual([200, 100, 50, 255]);
    const view = new DataView(disguised.buffer, stream + decoy.length);
    for (const at of [8, 12, 24, 28]) view.setUint32(at, 60_000);
    expect(readPictureFacts(disguised)).toMatchObject({ width: 60_000 });
    expect(await decodePicture(disguised, kit, usualLimits)).toBeNull();
  });

  test('changed ones end as a picture or as none', async () => {
    const bytes = make('fuzzed.jp2', ['plasma:fractal']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        const picture = await decodePicture(changed, kit, usualLimits);
        expect(picture === null || picture.width * picture.height <= usualLimits.imagePixels).toBe(true);
      }),
      { numRuns: 60 },
    );
    // And the decoder still works.
    expect(await pixel(bytes, 1, 1)).not.toBeNull();
  });
});

describe('SVG', () => {
  const draw = async (svg: string): Promise<((x: number, y: number) => readonly number[]) | null> => {
    const picture = await decodePicture(new TextEncoder().encode(svg), kit, usualLimits);
    return picture === null ? null : (x, y) => [...(picture.drawable as Canvas).getContext('2d').getImageData(x * 12, y * 12, 1, 1).data];
  };
  const head = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="42mm" height="42mm">';

  test('draws rings, stars and text of a seal', async () => {
    const at = await draw(`${head}<title>x</title><g transform="translate(50,50)" style="stroke:#e00000;fill:none"><circle r="40" stroke-width="6"/><path d="M-10,-10 l20,0 l0,20 l-20,0 z" fill="#e00000"/></g><text x="50" y="80" text-anchor="middle" fill="red" font-size="12">章</text></svg>`);
    expect(at?.(90, 50)).toEqual([224, 0, 0, 255]);
    expect(at?.(50, 50)).toEqual([224, 0, 0, 255]);
    expect(at?.(50, 30)).toEqual([0, 0, 0, 0]);
  });

  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['a picture', '<image href="http://example.invalid/x.png"/>'],
    ['a reference', '<use href="#x"/>'],
    ['a style sheet', '<style>@import url(http://example.invalid)</style>'],
    ['a gradient', '<rect width="9" height="9" fill="url(#g)"/>'],
    ['HTML', '<foreignObject/>'],
    ['text along a path', '<text><textPath href="#p">x</textPath></text>'],
  ])('refuses %s whole', async (_, element) => {
    expect(await draw(`${head}<circle r="5"/>${element}</svg>`)).toBeNull();
  });

  test('refuses what would cost too much', async () => {
    expect(await draw(`${head}${'<g>'.repeat(60)}${'</g>'.repeat(60)}</svg>`)).toBeNull();
    expect(await draw(`${head}${'<rect/>'.repeat(30_000)}</svg>`)).toBeNull();
    expect(await draw('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1"/>')).toBeNull();
    expect(await draw(`${head}<text x="5" y="50">${'章'.repeat(3000)}</text></svg>`)).toBeNull();
    expect(await draw(`${head}<path d="M0 0${' L9 9'.repeat(500_000)}"/></svg>`)).toBeNull();
  });
});
