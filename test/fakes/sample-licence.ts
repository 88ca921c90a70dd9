import type { Browser } from 'playwright-core';

const page = `<!doctype html><meta charset="utf-8"><style>
@page { size: 420mm 297mm; margin: 0 }
body { margin: 0; font-family: "Noto Serif CJK SC", "Noto Serif SC", serif; background: #fffdf4 }
.sheet { box-sizing: border-box; width: 420mm; height: 296mm; padding: 10mm }
.frame { box-sizing: border-box; height: 100%; border: 3mm double #c79a3c; padding: 14mm 26mm; position: relative }
h1 { font-size: 24mm; letter-spacing: 12mm; text-align: center; margin: 0 0 10mm; color: #222 }
dl { display: grid; grid-template-columns: 62mm 1fr; gap: 5mm 0; font-size: 9mm; margin: 0 }
dt { color: #8a6212 } dd { margin: 0 }
svg { position: absolute; right: 34mm; bottom: 22mm }
</style><div class="sheet"><div class="frame"><h1>营业执照</h1><dl>
<dt>统一社会信用代码</dt><dd>91310000MA1K35T4X6</dd><dt>名　　称</dt><dd>上海云帆智能科技有限公司</dd><dt>类　　型</dt><dd>有限责任公司（自然人投资或控股）</dd>
<dt>法定代表人</dt><dd>陈建国</dd><dt>注册资本</dt><dd>人民币壹仟万元整</dd><dt>成立日期</dt><dd>2019年06月18日</dd>
<dt>住　　所</dt><dd>上海市浦东新区张江路 368 号 5 幢 301 室</dd><dt>经营范围</dt><dd>从事智能科技、信息技术领域内的技术开发、技术咨询；软件开发；计算机系统集成。</dd></dl>
<svg width="64mm" height="64mm" viewBox="0 0 100 100"><circle cx="50" cy="50" r="46" fill="none" stroke="#c8102e" stroke-width="3"/><path fill="#c8102e" d="m50 30 6 18h19L60 59l6 18-16-11-16 11 6-18-15-11h19z"/></svg>
</div></div>`;

/** A business licence as a PDF, drawn by the browser: something real to look at while no platform is there. */
export async function drawSampleLicence(browser: Browser): Promise<Uint8Array> {
  const context = await browser.newContext();
  const sheet = await context.newPage();
  await sheet.setContent(page);
  const bytes = await sheet.pdf({ preferCSSPageSize: true, printBackground: true });
  await context.close();
  return new Uint8Array(bytes);
}
