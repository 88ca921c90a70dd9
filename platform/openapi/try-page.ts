import { apiOperations } from './operations.table.ts';

/** The page that tries the interfaces of the envelope: choose, edit, send; everything comes from the platform itself. */
export function printTryPage(): string {
  const options = apiOperations.filter(({ carries }) => carries === 'envelope').map(({ clause, path, summary }) => `<option value="${path}">${clause} ${summary}</option>`);
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>接口试用</title><link rel="icon" href="/ops/icon.svg"><link rel="stylesheet" href="/api/page.css"><script type="module" src="/api/page.js"></script></head><body>
<header><h1>接口试用</h1><a href="/openapi.json">OpenAPI 文档</a></header><main>
<section><label for="path">接口</label><select id="path">${options.join('')}</select>
<label for="payload">业务数据</label><textarea id="payload" rows="16" spellcheck="false"></textarea>
<p id="fault" role="alert"></p><button id="send">加密、签名并发送</button>
<p class="note">以本机演示用应用系统的身份调用，结果与真实对端相同；应用标识、密钥和单位由平台填入。</p></section>
<section><h2>结论</h2><p id="status" class="empty" role="status">尚未发送</p>
<h2>应答业务数据</h2><pre id="answer" tabindex="0"></pre><h2>发送的报文</h2><pre id="sent" tabindex="0"></pre><h2>收到的报文</h2><pre id="received" tabindex="0"></pre></section>
</main></body></html>`;
}

/** The program of the page. */
export const tryPageScript = `const find = (id) => document.getElementById(id);
const print = (value) => JSON.stringify(value, null, 2);
const shorten = (envelope) => print({ ...envelope, encryptData: envelope.encryptData.length > 160 ? envelope.encryptData.slice(0, 160) + '…' : envelope.encryptData });
const document_ = await (await fetch('/openapi.json')).json();
const fill = () => { find('payload').value = print(document_.paths[find('path').value].post['x-payload'].example); };
find('path').addEventListener('change', fill);
fill();
find('send').addEventListener('click', async () => {
  find('fault').textContent = '';
  let payload;
  try { payload = JSON.parse(find('payload').value); } catch { find('fault').textContent = '业务数据不是 JSON'; return; }
  find('send').disabled = true;
  try {
    const reply = await fetch('/api/try', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ path: find('path').value, payload }) });
    const said = await reply.json();
    if (!reply.ok) { find('fault').textContent = said.error?.message ?? '平台没有受理'; return; }
    find('status').textContent = said.status + ' ' + said.message + (said.signature === 'valid' ? '（应答签名有效）' : '（应答未签名）');
    find('status').className = said.status === '0' ? 'good' : 'bad';
    find('answer').textContent = said.payload === null ? '无' : print(said.payload);
    find('sent').textContent = shorten(said.sent);
    find('received').textContent = shorten(said.received);
  } catch { find('fault').textContent = '平台无响应，请检查网络后重试'; }
  finally { find('send').disabled = false; }
});
`;

/** The style sheet of the page. */
export const tryPageStyle = `:root{color-scheme:light dark;--ink:#16202e;--ink-2:#516074;--line:#e1e7ef;--line-strong:#c5d0de;--ground:#f3f6fa;--card:#fff;--brand:#1450a8;--brand-fill:#1450a8;--off:#516074;--good:#0a6b3a;--bad:#a8071a}
@media(prefers-color-scheme:dark){:root{--ink:#e8eef6;--ink-2:#b3c0d1;--line:#2a3747;--line-strong:#45566b;--ground:#0e151e;--card:#16202c;--brand:#7fb0ff;--brand-fill:#2158b3;--off:#45566b;--good:#5fd092;--bad:#ff9aa2}}
*{box-sizing:border-box;margin:0}body{font:14px/1.5 "Noto Sans SC","Microsoft YaHei UI","PingFang SC",sans-serif;color:var(--ink);background:var(--ground)}
header{display:flex;align-items:baseline;gap:16px;padding:14px 24px;background:var(--brand-fill);color:#fff}header a{color:#fff}h1{font-size:20px}h2{font-size:14px;color:var(--ink-2);padding:12px 0 4px}h2:first-child{padding-top:0}
main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px;padding:16px 24px;max-width:1240px;margin:0 auto;align-items:start}section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px;min-width:0}
label{display:block;font-weight:600;color:var(--ink-2);padding:8px 0 4px}select,textarea,button{font:inherit;width:100%;border:1px solid var(--line-strong);border-radius:6px;padding:8px 10px;background:var(--card);color:inherit}textarea,pre{font-family:ui-monospace,"Noto Sans Mono CJK SC",monospace;font-size:12.5px}
button{margin-top:12px;min-height:44px;border:0;background:var(--brand-fill);color:#fff;font-weight:700;cursor:pointer}button:disabled{background:var(--off)}:focus-visible{outline:2px solid var(--brand);outline-offset:2px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:300px;overflow:auto;background:var(--ground);border-radius:6px;padding:8px 10px;min-height:36px}.note,.empty{color:var(--ink-2);padding-top:8px}.good{color:var(--good);font-weight:700}.bad,#fault{color:var(--bad);font-weight:700}
@media(max-width:720px){main{grid-template-columns:minmax(0,1fr);padding:12px;gap:12px}header{padding:12px 16px}}
`;
