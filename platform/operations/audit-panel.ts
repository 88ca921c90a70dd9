import type { KeptLog } from '../audit/audit-centre.ts';
import { printTimeElement } from './time-element.ts';
import { escapeText } from './training.ts';

const alarmNames: Readonly<Record<string, string>> = { restored: '从备份恢复过', behind: '日志比已存的短', rewritten: '日志与已存的不符', 'other-key': '签名密钥不符' };

/** What the audit centre knows of the counters' logs, those with an alarm first: a part of the operations page. */
export function printAuditLogs(logs: readonly KeptLog[]): string {
  const alarms = logs.filter(({ alarm }) => alarm !== null).length;
  const rows = logs.slice(0, 50).map(({ device, size, gen, takenAt, alarm }) => {
    const state = alarm === null ? '一致' : `⚠ ${alarmNames[alarm] ?? '异常'}`;
    return `<tr${alarm === null ? '' : ' class="alarm"'}><th><code>${escapeText(device)}</code></th><td class="n">${size} 条</td><td class="n">第 ${gen} 代</td><td class="n">${printTimeElement(takenAt)}</td><td class="n">${state}</td></tr>`;
  });
  const more = logs.length > 50 ? `<p class="empty">另有 ${logs.length - 50} 本日志。</p>` : '';
  const body = rows.length === 0 ? '<p class="empty">还没有终端交来日志检查点。</p>' : `<table>${rows.join('')}</table>${more}`;
  return `<section class="wide" id="audit-centre"><h2>审计中心：终端日志 ${logs.length} 本，${alarms} 本有警报</h2>${body}</section>`;
}

/** The style of an alarm. */
export const auditPanelStyle = '.alarm th,.alarm td{color:var(--bad);font-weight:600}\n';
