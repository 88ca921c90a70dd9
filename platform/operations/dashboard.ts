import { type Figures, type MinuteFigures, quantile } from './metrics.ts';

/** The operations page: whole HTML, drawn anew every ten seconds; values in tables behind the pictures, `controls` below them. */
export function printDashboard(figures: Figures, now: number, controls: string): string {
  const sum = (what: keyof MinuteFigures) => figures.minutes.reduce((total, minute) => total + minute[what], 0);
  const verdicts = [...figures.verdicts].map(([name, count]): Bar => ({ name: verdictNames[name] ?? name, count, tone: verdictTone(name) }));
  const provinces = [...figures.provinces].flatMap(([name, { answered, unanswered }]): Bar[] => [
    { name, count: answered, tone: 'good' },
    ...(unanswered > 0 ? [{ name: `${name} 未答复`, count: unanswered, tone: 'bad' as const }] : []),
  ]);
  const matters = [...figures.matters].map(([name, count]): Bar => ({ name, count, tone: 'good' }));
  const cutOff = figures.abnormal.get('cut-off') ?? 0;
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>平台运行</title><link rel="icon" href="/ops/icon.svg"><link rel="stylesheet" href="/ops/page.css"><script type="module" src="/ops/page.js"></script></head><body>
<header><h1>平台运行</h1><span>已运行 ${printAge(now - figures.startedAt)}</span></header><main>
<section class="tiles">${tile('近一小时请求', String(sum('requests')), false)}${tile('其中未通过', String(sum('refused')), false)}${tile('等待本人确认', String(sum('waiting')), false)}${tile('异常提示', String(figures.abnormal.get('prompted') ?? 0), false)}${tile('异常切断', String(cutOff), cutOff > 0)}</section>
<section class="wide"><h2>每分钟请求，近一小时，最多 ${Math.max(...figures.minutes.map((minute) => minute.requests))} 次</h2>${drawMinutes(figures.minutes)}<p class="legend"><i class="good"></i>请求<i class="wait"></i>等待本人确认<i class="bad"></i>未通过</p></section>
<section><h2>核验结论</h2>${drawBars(verdicts)}</section>
<section><h2>省市</h2>${drawBars(provinces)}</section>
<section><h2>事项</h2>${drawBars(matters)}</section>
<section><h2>接口用时</h2>${printLatencies(figures)}</section>
${controls}
</main></body></html>`;
}

interface Bar {
  readonly name: string;
  readonly count: number;
  readonly tone: 'good' | 'wait' | 'bad';
}

const verdictNames: Readonly<Record<string, string>> = {
  valid: '有效', expired: '已过期', used: '已使用', unknownCode: '未知码', badSignature: '签名不符', granteeMismatch: '授权对象不符', secondAuthentication: '等待本人确认', confirmationRefused: '持证方未同意', confirmationTimeout: '持证方未及时确认', withdrawn: '授权已撤回', keyRevoked: '密钥已吊销', keyExpired: '密钥过期',
};

function verdictTone(verdict: string): Bar['tone'] {
  if (verdict === 'valid') return 'good';
  return verdict === 'secondAuthentication' ? 'wait' : 'bad';
}

function tile(name: string, value: string, isBad: boolean): string {
  return `<div class="tile${isBad ? ' bad' : ''}"><b>${value}</b><span>${name}</span></div>`;
}

/** Bars of one minute each, what was refused at their foot and what waits above it; the value of each on hover. */
function drawMinutes(minutes: Figures['minutes']): string {
  const most = Math.max(10, ...minutes.map(({ requests }) => requests));
  const height = (n: number) => (n / most) * 120;
  const bars = minutes.map(({ requests, refused, waiting }, n) => {
    const x = 4 + n * 10;
    const title = `<title>${minutes.length - 1 - n} 分钟前：${requests} 次，未通过 ${refused}，等待 ${waiting}</title>`;
    const bar = (tone: Bar['tone'], count: number) => `<rect class="${tone}" x="${x + 1}" y="${(130 - height(Math.min(count, requests))).toFixed(1)}" width="8" height="${height(Math.min(count, requests)).toFixed(1)}"/>`;
    return `<g>${title}<rect x="${x}" y="0" width="10" height="130" fill="transparent"/>${bar('good', requests)}${bar('wait', refused + waiting)}${bar('bad', refused)}</g>`;
  });
  const grid = [0, 0.5, 1].map((part) => `<line class="grid" x1="4" x2="604" y1="${130 - part * 120}" y2="${130 - part * 120}"/>`);
  const marks = ['60 分钟前', '45', '30', '15', '现在'].map((mark) => `<span>${mark}</span>`);
  return `<svg class="minutes" viewBox="0 0 608 132" preserveAspectRatio="none" role="img" aria-label="每分钟请求，最多 ${most} 次">${grid.join('')}${bars.join('')}</svg><p class="marks">${marks.join('')}</p>`;
}

function drawBars(bars: readonly Bar[]): string {
  if (bars.length === 0) return '<p class="empty">启动以来还没有。</p>';
  const sorted = bars.toSorted((a, b) => b.count - a.count).slice(0, 8);
  const most = Math.max(...sorted.map(({ count }) => count));
  const rows = sorted.map(({ count, name, tone }) => {
    const width = Math.max(2, (count / most) * 200).toFixed(1);
    return `<tr><th>${escape(name)}</th><td class="bar"><svg viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true"><rect class="${tone}" width="${width}" height="14" rx="2"/></svg></td><td class="n">${count}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

function printLatencies({ routes }: Figures): string {
  const rows = [...routes].filter(([route]) => !route.startsWith('/ops') && route !== '/metrics').toSorted(([, a], [, b]) => b.count - a.count).slice(0, 10);
  if (rows.length === 0) return '<p class="empty">启动以来还没有。</p>';
  const ms = (value: number) => (Number.isFinite(value) ? `≤ ${value}` : '> 5000');
  const cells = rows.map(([route, figures]) => `<tr><th><code>${escape(route)}</code></th><td class="n">${figures.count}</td><td class="n">${ms(quantile(figures, 0.5))}</td><td class="n">${ms(quantile(figures, 0.99))}</td></tr>`);
  return `<table><tr><td></td><td class="n">次数</td><td class="n">p50 毫秒</td><td class="n">p99 毫秒</td></tr>${cells.join('')}</table>`;
}

function printAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The mark of the pages for this machine, beside their titles in the browser. */
export const pageIcon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1450a8"/><path d="M8 22v-6m5 6V10m6 12v-9m5 9V8" stroke="#fff" stroke-width="3" fill="none"/></svg>';

/** The style sheet of the page, as a file of its own: the content security policy allows no other. */
export const dashboardStyle = `:root{--ink:#16202e;--ink-2:#516074;--line:#e1e7ef;--ground:#f3f6fa;--card:#fff;--brand:#1450a8;--brand-2:#a9c3e8;--bad:#a8071a;--wait:#d48806}
*{box-sizing:border-box;margin:0}body{font:14px/1.5 "Noto Sans SC","Microsoft YaHei UI","PingFang SC",sans-serif;color:var(--ink);background:var(--ground);font-variant-numeric:tabular-nums}
header{display:flex;align-items:baseline;gap:16px;padding:14px 24px;background:var(--brand);color:#fff}h1{font-size:20px}h2{font-size:14px;color:var(--ink-2);padding-bottom:8px;font-weight:600}
main{display:grid;grid-template-columns:1fr 1fr;gap:16px;padding:16px 24px;max-width:1240px;margin:0 auto;align-items:start}section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px;min-width:0;overflow-x:auto}
.wide,.tiles{grid-column:1/-1}.tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:16px;padding:0;background:none;border:0}.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px}
.tile b{display:block;font-size:26px;line-height:1.3}.tile span{color:var(--ink-2)}.tile.bad b{color:var(--bad)}svg{display:block;width:100%}.minutes{height:150px}.marks{display:flex;justify-content:space-between;color:var(--ink-2);font-size:12.5px}.grid{stroke:var(--line);vector-effect:non-scaling-stroke}
rect.good{fill:var(--brand)}rect.bad{fill:var(--bad)}rect.wait{fill:var(--wait)}.legend{display:flex;gap:6px;align-items:center;color:var(--ink-2);padding-top:6px}.legend i{width:12px;height:12px;border-radius:2px;background:var(--brand)}.legend i.bad{background:var(--bad);margin-left:12px}.legend i.wait{background:var(--wait);margin-left:12px}
table{width:100%;border-collapse:collapse}th{text-align:start;font-weight:400;padding:5px 12px 5px 0;white-space:nowrap}td{padding:5px 0}.bar{width:55%}.bar svg{height:14px}.n{text-align:end;padding-left:12px;white-space:nowrap}code{font-size:12.5px}.empty{color:var(--ink-2)}
@media(prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#e6edf5;--ink-2:#a9b7c8;--line:#2a3746;--ground:#0f1620;--card:#18222e;--brand:#5b9bf0;--brand-2:#2f4f7d;--bad:#ff8a92;--wait:#f0b23e}header{background:#123a73}}
@media(prefers-contrast:more){:root{--ink-2:var(--ink);--line:var(--ink)}}
@media(max-width:720px){header{padding:12px 16px}main{grid-template-columns:1fr;padding:12px;gap:12px}.tiles{grid-template-columns:1fr 1fr;gap:12px}.tile:first-child{grid-column:1/-1}.bar{width:40%}th{white-space:normal}th code{font-size:11.5px;overflow-wrap:anywhere}.n{padding-left:8px}}
`;
