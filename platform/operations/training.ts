import type { RegisteredPlatform } from '../engine/signing-keys.ts';
import type { Faults } from '../faults.ts';

/** A fault as the operations page switches it: its words, and the value that switches it on. */
interface TrainingFault {
  readonly name: keyof Faults;
  readonly words: string;
  readonly on: number | string | true;
}

/** The faults that a trainer switches on and off while windows work (docs/training.md). */
export const trainingFaults: readonly TrainingFault[] = [
  { name: 'latencyMs', words: '答复迟缓 3 秒', on: 3000 },
  { name: 'dropAfterCommit', words: '办理后断线，不答复', on: true },
  { name: 'httpStatus', words: '网关错误 503', on: 503 },
  { name: 'malformed', words: '答复不是 JSON', on: true },
  { name: 'wrongKey', words: '用别人的公钥加密', on: true },
  { name: 'swappedOrder', words: '密文 C2、C3 颠倒', on: true },
  { name: 'unsignedReply', words: '答复不签名', on: true },
  { name: 'forgedReply', words: '答复签名伪造', on: true },
  { name: 'swappedReply', words: '答复属于另一请求', on: true },
  { name: 'expiredKeys', words: '登记时给出已过期的验签公钥', on: true },
  { name: 'headStatus', words: '一律拒绝（状态 99）', on: '99' },
  { name: 'resultZero', words: '业务结论为否', on: true },
  { name: 'digestMismatch', words: '授权记录与码不一致', on: true },
  { name: 'dataMissing', words: '核验通过但没有数据', on: true },
  { name: 'extraCertificate', words: '多给未授权的证照', on: true },
  { name: 'wrongFileHash', words: '文件被改一个字节', on: true },
  { name: 'wrongFileMagic', words: '文件不是文件', on: true },
  { name: 'clockOffsetMs', words: '平台时钟快 10 分钟', on: 600_000 },
];

/** Switches one fault; false for a name that is none. */
export function switchFault(faults: Faults, name: string, isOn: boolean): boolean {
  const fault = trainingFaults.find((each) => each.name === name);
  if (fault === undefined) return false;
  Object.assign(faults, { [fault.name]: isOn ? fault.on : undefined });
  return true;
}

/** The part of the operations page where faults and signing keys are switched; `platforms` with their keys, ours first. */
export function printControls(faults: Faults, platforms: readonly RegisteredPlatform[], now: number): string {
  const switches = trainingFaults.map(({ name, words }) => {
    const isOn = faults[name] !== undefined && faults[name] !== false;
    return `<button type="button" class="switch" aria-pressed="${isOn}" data-fault="${name}">${words}</button>`;
  });
  const keys = platforms.flatMap(({ name, platformId, signingKeys }) =>
    signingKeys.map(({ keyId, notAfter, revokedAt }) => {
      const isLive = revokedAt === undefined && Date.parse(notAfter) > now;
      const state = revokedAt !== undefined ? '已吊销' : isLive ? `有效至 ${notAfter.slice(0, 10)}` : '已过期';
      const end = isLive ? `<button type="button" class="end" data-revoke="${escapeText(keyId)}" data-platform="${platformId}">吊销</button>` : '';
      return `<tr><th>${platformId} ${escapeText(name)}</th><td><code>${escapeText(keyId)}</code></td><td class="n">${state}</td><td class="n">${end}</td></tr>`;
    }),
  );
  const routes = platforms.flatMap(({ name, platformId, route }) =>
    route === null ? [] : [`<tr><th>${platformId} ${escapeText(name)}</th><td><code>${escapeText(route.url)}</code></td><td class="n"><button type="button" class="end" data-unroute="${platformId}" data-name="${escapeText(name)}">撤回地址</button></td></tr>`],
  );
  const routed = routes.length === 0 ? '' : `<section class="wide"><h2>其他平台的登记地址</h2><table>${routes.join('')}</table></section>`;
  const on = switches.filter((html) => html.includes('aria-pressed="true"')).length;
  return `<section class="wide"><h2>培训用故障（${on === 0 ? '全部关闭' : `已开启 ${on} 项，窗口会看到相应的拒绝`}）</h2><div class="switches">${switches.join('')}</div></section>
<section class="wide"><h2>签发密钥</h2><table>${keys.join('')}</table><p><button type="button" class="switch" data-rotate="own">轮换本平台密钥</button></p><p class="legend" id="said" role="status"></p></section>${routed}`;
}

/** Text as HTML may hold it. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The program of the page: posts what is pressed, and shows the page anew. */
export const controlsScript = `const post = async (path, body, said = document.getElementById('said')) => {
  const reply = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (reply.ok) location.reload();
  else said.textContent = '平台没有受理';
};
setTimeout(() => location.reload(), 10_000);
document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button === null) return;
  const { fault, follow, from, name, platform, revoke, rotate, unroute } = button.dataset;
  if (fault) post('/ops/faults', { name: fault, isOn: button.getAttribute('aria-pressed') !== 'true' });
  if (follow) post('/ops/lists', follow === 'own' ? { originId: null } : { originId: follow, fromId: from }, document.querySelector('#lists [role=status]'));
  if (unroute && confirm('撤回后，本平台不再向对方转发查询，也不再应答对方，直到重新登记地址。')) post('/ops/platforms', { platformId: unroute, name, route: null, signingKeys: [] });
  if (rotate) post('/ops/keys/rotate', {});
  if (revoke && confirm('吊销后，用此密钥签发的码立即失效，且不能恢复。')) post('/ops/keys/revoke', { platformId: platform, keyId: revoke });
});
`;

/** The part of the style sheet for it. */
export const controlsStyle = `.switches{display:flex;flex-wrap:wrap;gap:8px}.switch,.end{font:inherit;min-height:36px;padding:6px 14px;border:1px solid var(--ink-2);border-radius:18px;background:var(--card);color:var(--ink);cursor:pointer}
.switch[aria-pressed=true]{background:var(--bad);border-color:var(--bad);color:var(--card);font-weight:700}.end{border-color:var(--bad);color:var(--bad)}button:focus-visible{outline:2px solid var(--brand);outline-offset:2px}
`;
