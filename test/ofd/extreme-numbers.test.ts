import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { createNodeCanvasKit } from '../../main/documents/ofd-canvas.ts';
import { createPagePainter, openOfdDocument, openOfdPackage, readPageText } from '../../ofd/index.ts';
import { makeDocument } from './made-document.ts';

const kit = createNodeCanvasKit();
const resources = '<MultiMedias><MultiMedia ID="4" Type="Image" Format="PNG"><MediaFile>p.png</MediaFile></MultiMedia></MultiMedias><Fonts><Font ID="3" FontName="SimSun"/></Fonts><CompositeGraphicUnits><CompositeGraphicUnit ID="5" Width="40" Height="40"><Content><PathObject ID="51" Boundary="0 0 9 9" LineWidth="1"><AbbreviatedData>M 0 0 L 9 9</AbbreviatedData></PathObject></Content></CompositeGraphicUnit></CompositeGraphicUnits>';
const page = `
<PathObject ID="11" Boundary="5 5 60 60" CTM="1 0 0 1 0 0" LineWidth="0.5" MiterLimit="3" DashOffset="1" DashPattern="3 2" Alpha="200" Fill="true" Stroke="true">
  <FillColor><AxialShd MapType="Repeat" MapUnit="10" Extend="3" StartPoint="0 0" EndPoint="20 20"><Segment Position="0"><Color Value="255 0 0"/></Segment><Segment Position="1"><Color Value="0 0 255" Alpha="9"/></Segment></AxialShd></FillColor>
  <StrokeColor><RadialShd MapType="Direct" MapUnit="5" Eccentricity="0.5" Angle="30" StartPoint="10 10" StartRadius="2" EndPoint="20 20" EndRadius="9" Extend="3"><Segment Position="0.1"><Color Value="1 2 3"/></Segment><Segment><Color Value="9 9 9"/></Segment></RadialShd></StrokeColor>
  <AbbreviatedData>M 0 0 L 40 0 Q 50 20 40 40 B 30 50 20 50 0 40 A 10 20 30 1 0 5 5 C</AbbreviatedData></PathObject>
<PathObject ID="12" Boundary="30 30 40 40" Fill="true"><FillColor><Pattern Width="5" Height="5" XStep="6" YStep="6" CTM="1 0 0 1 0 0"><CellContent><PathObject ID="121" Boundary="0 0 5 5" LineWidth="1"><AbbreviatedData>M 0 0 L 5 5</AbbreviatedData></PathObject></CellContent></Pattern></FillColor><AbbreviatedData>M 0 0 L 40 0 L 40 40 C</AbbreviatedData></PathObject>
<PathObject ID="13" Boundary="0 60 40 40" Fill="true"><FillColor><GouraudShd Extend="1"><Point X="0" Y="0"><Color Value="255 0 0"/></Point><Point X="30" Y="0"><Color Value="0 255 0"/></Point><Point X="0" Y="30" EdgeFlag="0"><Color Value="0 0 255"/></Point></GouraudShd></FillColor><AbbreviatedData>M 0 0 L 40 0 L 40 40 C</AbbreviatedData></PathObject>
<TextObject ID="14" Boundary="5 70 90 20" Font="3" Size="8" HScale="0.9" Weight="700" CharDirection="0" LineWidth="0.2" Stroke="true" DashPattern="1 1"><TextCode X="1" Y="9" DeltaX="g 2 5" DeltaY="0 0">甲乙丙</TextCode></TextObject>
<ImageObject ID="15" ResourceID="4" Boundary="60 60 30 30" CTM="30 0 0 30 0 0"><Border LineWidth="1" HorizonalCornerRadius="3" VerticalCornerRadius="3" DashOffset="1" DashPattern="2 1"><BorderColor Value="1 1 1"/></Border></ImageObject>
<CompositeObject ID="16" ResourceID="5" Boundary="60 5 40 40" CTM="1 0 0 1 0 0" Alpha="100"/>`;
const picture = Uint8Array.from(createCanvas(2, 2).encodeSync('png'));

/** Each run of numbers in an attribute or a path, by where it stands. */
const places = [...page.matchAll(/(?<=[ "(>])-?\d+(?:\.\d+)?(?=[ "<])/g)].map((match) => ({ at: match.index, length: match[0].length }));
const extremes = ['999999999', '1e39', '-1e39', '1e308', '-1', '0', '1e-320', '1e10', 'NaN'];

async function paint(content: string): Promise<boolean> {
  const pack = openOfdPackage(makeDocument({ pages: [content], resources, files: { 'Doc_0/p.png': picture } }));
  const document = pack.ok ? openOfdDocument(pack.value) : pack;
  if (!document.ok) throw new Error(document.failure.code);
  readPageText(document.value, 0);
  return (await createPagePainter(document.value, kit).paint({ index: 0, scale: 1 })).ok;
}

describe('numbers that no page needs', () => {
  test('the page is painted as it is', async () => {
    expect(places.length).toBeGreaterThan(100);
    expect(await paint(page)).toBe(true);
  });

  test.each(extremes)('%s in any place leaves the page painted', async (extreme) => {
    const thrown: string[] = [];
    for (const { at, length } of places) {
      const content = page.slice(0, at) + extreme + page.slice(at + length);
      await paint(content).catch((error: unknown) => thrown.push(`${page.slice(Math.max(0, at - 20), at)}→${extreme}: ${String(error)}`));
    }
    expect(thrown).toEqual([]);
  });
});
