import { PDFDocument, PDFName, PDFString, rgb } from '@cantoo/pdf-lib';
import { makeDocument } from './made-document.ts';

/** Documents made of what few samples have: several documents and versions, groups, patterns, drawings, outlines, links, bookmarks, forms. */
export async function makeRareDocuments(): Promise<{ readonly ofd: readonly Uint8Array[]; readonly pdf: readonly Uint8Array[] }> {
  return { ofd: [makeVersions(), makeGroups(), makeDrawings(), makeLinks()], pdf: [await makeLinkedPdf(), await makeGroupedPdf()] };
}

const square = (color: string, more = ''): string =>
  `<PathObject ID="9" Boundary="10 10 40 40" Stroke="false" Fill="true" ${more}><FillColor Value="${color}"/><AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C</AbbreviatedData></PathObject>`;

function makeVersions(): Uint8Array {
  const plain = (box: string): string => `<Document><CommonData><PageArea><PhysicalBox>${box}</PhysicalBox></PageArea></CommonData><Pages><Page ID="1" BaseLoc="/Doc_0/Pages/0.xml"/></Pages></Document>`;
  const version = (name: string, root: string): string => `<DocVersion ID="${name}" Name="${name}" CreationDate="2026-01-02"><FileList><File ID="1">/Doc_0/Pages/0.xml</File></FileList><DocRoot>${root}</DocRoot></DocVersion>`;
  return makeDocument({
    pages: [square('255 0 0'), square('0 0 255')],
    bodies: '<DocBody><DocInfo><Title>Second</Title></DocInfo><DocRoot>Doc_1/Document.xml</DocRoot></DocBody>',
    body: '<Versions><Version ID="v1" Index="1" BaseLoc="/Doc_0/v1.xml"/><Version ID="v2" Index="2" Current="true" BaseLoc="/Doc_0/v2.xml"/></Versions>',
    files: { 'Doc_1/Document.xml': plain('0 0 50 50'), 'Doc_0/Old.xml': plain('0 0 70 70'), 'Doc_0/New.xml': plain('0 0 80 80'), 'Doc_0/v1.xml': version('v1', '/Doc_0/Old.xml'), 'Doc_0/v2.xml': version('v2', '/Doc_0/New.xml') },
  });
}

function makeGroups(): Uint8Array {
  const unit = (id: number, content: string): string => `<CompositeGraphicUnit ID="${id}" Width="100" Height="100"><Content>${content}</Content></CompositeGraphicUnit>`;
  const use = (id: number, more: string): string => `<CompositeObject ID="7" ResourceID="${id}" Boundary="0 0 100 100" ${more}/>`;
  const pattern = `<Pattern Width="6" Height="6" XStep="7" YStep="7" ReflectMethod="RowAndColumn" RelativeTo="Page" CTM="1 0.1 0 1 2 2"><CellContent>${square('0 128 0')}</CellContent></Pattern>`;
  const clip = '<Clips><Clip><Area><Text Font="3" Size="60" Boundary="0 0 80 80"><TextCode X="0" Y="60">口</TextCode></Text></Area></Clip></Clips>';
  const objects = [
    use(5, 'Alpha="128"'),
    use(6, 'Alpha="90" CTM="0.5 0 0 0.5 20 20"'),
    `<PathObject ID="10" Boundary="0 0 90 90" Fill="true" Alpha="100"><FillColor>${pattern}</FillColor><AbbreviatedData>M 0 0 L 80 0 Q 90 40 40 80 C</AbbreviatedData></PathObject>`,
    `<PathObject ID="11" Boundary="5 5 80 80" Fill="true"><FillColor Value="9 9 200"/>${clip}<AbbreviatedData>M 0 0 L 80 0 L 80 80 C</AbbreviatedData></PathObject>`,
  ];
  return makeDocument({
    pages: [objects.join('')],
    resources: `<Fonts><Font ID="3" FontName="SimHei"/></Fonts><CompositeGraphicUnits>${unit(5, square('255 0 0') + square('0 0 255', 'Alpha="60"'))}${unit(6, use(5, 'Alpha="200"'))}</CompositeGraphicUnits>`,
  });
}

function makeDrawings(): Uint8Array {
  const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="42mm" height="42mm"><g transform="translate(50,50) rotate(10)" style="stroke:#e00000;fill:none"><circle r="40" stroke-width="6" stroke-dasharray="4 2"/><ellipse rx="30" ry="20"/><rect x="-5" y="-5" width="10" height="10" rx="2"/><polygon points="0,-20 6,-6 20,-6"/><path d="M-10,-10 l20,0 c5,5 5,15 0,20 a9,7 30 1 0 -20,0 q3,3 4,9 z" fill="#e00000" opacity="0.5"/></g><text x="50" y="80" text-anchor="middle" fill="red" font-size="12">章</text></svg>';
  return makeDocument({
    pages: ['<ImageObject ID="9" ResourceID="4" Boundary="10 10 60 60" CTM="60 0 0 60 0 0" Alpha="180"/><ImageObject ID="10" ResourceID="5" Boundary="10 70 40 20" CTM="40 0 0 20 0 0"/>'],
    resources: '<MultiMedias><MultiMedia ID="4" Type="Image" Format="SVG"><MediaFile>seal.svg</MediaFile></MultiMedia><MultiMedia ID="5" Type="Video"><MediaFile>film.mp4</MediaFile></MultiMedia></MultiMedias>',
    files: { 'Doc_0/seal.svg': svg, 'Doc_0/film.mp4': 'ftyp' },
  });
}

function makeLinks(): Uint8Array {
  const action = (what: string): string => `<Actions><Action Event="CLICK">${what}</Action></Actions>`;
  const annotation = `<PageAnnot><Annot ID="1" Type="Link"><Appearance Boundary="5 6 7 8"><PathObject ID="2" Boundary="1 1 2 2">${action('<Goto><Bookmark Name="end"/></Goto>')}</PathObject></Appearance></Annot></PageAnnot>`;
  const outline = `<OutlineElem Title="First" Count="1">${action('<Goto><Dest Type="FitR" PageID="1" Left="1" Top="2" Right="30" Bottom="40"/></Goto>')}<OutlineElem Title="Last">${action('<Goto><Bookmark Name="end"/></Goto>')}</OutlineElem></OutlineElem>`;
  return makeDocument({
    pages: [
      `<TextObject ID="3" Boundary="10 20 60 8" Font="3" Size="5">${action('<URI URI="http://example.invalid/" Base="x"/>')}<TextCode X="0" Y="6" DeltaX="g 3 5">相关网址</TextCode></TextObject>`,
      `<PathObject ID="4" Boundary="0 0 9 9">${action('<Sound ResourceID="8" Volume="90"/>')}<AbbreviatedData>M 0 0 L 9 9</AbbreviatedData></PathObject>`,
    ],
    resources: '<Fonts><Font ID="3" FontName="SimSun"/></Fonts>',
    document: `<Bookmarks><Bookmark Name="end"><Dest Type="XYZ" PageID="2" Left="10" Top="50" Zoom="2"/></Bookmark></Bookmarks><Outlines>${outline}</Outlines>${action('<GotoA AttachID="77"/>')}<Annotations>Annots.xml</Annotations>`,
    files: { 'Doc_0/Annots.xml': '<Annotations><Page PageID="1"><FileLoc>A1.xml</FileLoc></Page></Annotations>', 'Doc_0/A1.xml': annotation },
  });
}

async function makeLinkedPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const pages = [pdf.addPage([400, 300]), pdf.addPage([400, 300])];
  const { context } = pdf;
  const to = (page: number, ...place: (string | number | null)[]) => context.obj([pages[page]!.ref, ...place.map((part) => (typeof part === 'string' ? PDFName.of(part) : part))]);
  const link = (target: object) => context.register(context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [20, 20, 120, 40], Border: [0, 0, 1], ...target }));
  const named = context.obj({ Names: [PDFString.of('end'), to(1, 'XYZ', 30, 120, 2)] });
  pdf.catalog.set(PDFName.of('Names'), context.obj({ Dests: named }));
  pages[0]!.node.set(PDFName.of('Annots'), context.obj([link({ Dest: to(0, 'FitH', 200) }), link({ Dest: PDFString.of('end') }), link({ A: { S: 'URI', URI: PDFString.of('http://example.invalid/') } }), link({ A: { S: 'GoToR', F: PDFString.of('other.pdf'), D: [0, PDFName.of('Fit')] } })]));
  const [outlines, first, second] = [context.nextRef(), context.nextRef(), context.nextRef()];
  context.assign(first, context.obj({ Title: PDFString.of('First'), Parent: outlines, Next: second, Dest: to(0, 'XYZ', null, 250, null) }));
  context.assign(second, context.obj({ Title: PDFString.of('Last'), Parent: outlines, Prev: first, A: { S: 'GoTo', D: PDFString.of('end') } }));
  context.assign(outlines, context.obj({ Type: 'Outlines', First: first, Last: second, Count: 2 }));
  pdf.catalog.set(PDFName.of('Outlines'), outlines);
  await pdf.attach(new Uint8Array([1, 2, 3]), 'copy.xml');
  const field = pdf.getForm().createTextField('holder');
  field.setText('Example');
  field.addToPage(pages[0]!, { x: 150, y: 100, width: 100, height: 20 });
  return pdf.save({ useObjectStreams: false });
}

async function makeGroupedPdf(): Promise<Uint8Array> {
  const inner = await PDFDocument.create();
  inner.addPage([100, 100]).drawCircle({ x: 50, y: 50, size: 30, color: rgb(1, 0, 0), opacity: 0.5 });
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([300, 300]);
  const [form] = await pdf.embedPdf(await inner.save());
  for (const at of [10, 60, 110]) page.drawPage(form!, { x: at, y: at, opacity: 0.4 });
  page.drawText('Group', { x: 20, y: 260, size: 20, opacity: 0.7 });
  return pdf.save({ useObjectStreams: false });
}
