import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { findDisplayedFiles } from '../../ofd/displayed-files.ts';
import { openOfdDocument } from '../../ofd/document.ts';
import { openOfdPackage } from '../../ofd/package.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>';
const space = 'xmlns:ofd="http://www.ofdspec.org/2016"';

test.each(['Content.xml', 'Content.dat', 'Content'])('what a page by the name of %s leads to is drawn too', (name) => {
  const bytes = zipSync({
    'OFD.xml': strToU8(`${head}<ofd:OFD ${space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`),
    'Doc_0/Document.xml': strToU8(`\ufeff${head}<ofd:Document ${space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 9 9</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/${name}"/></ofd:Pages></ofd:Document>`),
    [`Doc_0/Pages/${name}`]: strToU8(`${head}<ofd:Page ${space}><ofd:PageRes>Res.dat</ofd:PageRes></ofd:Page>`),
    'Doc_0/Pages/Res.dat': strToU8(`${head}<ofd:Res ${space} BaseLoc="."><ofd:MultiMedias><ofd:MultiMedia ID="2" Type="Image"><ofd:MediaFile>picture.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`),
    'Doc_0/Pages/picture.png': Uint8Array.of(0x89, 0x50),
    'Doc_0/other.png': Uint8Array.of(0x89, 0x50),
  });
  const pack = openOfdPackage(bytes);
  const document = pack.ok ? openOfdDocument(pack.value) : pack;
  if (!document.ok) throw new Error(document.failure.code);
  expect([...findDisplayedFiles(document.value)].toSorted()).toEqual(['Doc_0/Document.xml', 'Doc_0/Pages/Res.dat', 'Doc_0/Pages/picture.png', `Doc_0/Pages/${name}`, 'OFD.xml'].toSorted());
});
