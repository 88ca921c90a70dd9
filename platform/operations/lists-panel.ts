import type { RegisteredPlatform } from '../engine/signing-keys.ts';
import type { Fetched, ListForwarding } from '../sharing/list-forwarding.ts';
import type { ListsInForce } from '../sharing/published-lists.ts';
import { printTimeElement } from './time-element.ts';
import { escapeText } from './training.ts';

const outcomes: Readonly<Record<Fetched, string>> = {
  taken: '取得新版',
  same: '没有更新',
  older: '⚠ 对方给出旧版，未采用',
  ahead: '⚠ 版号或日期超前，未采用',
  changed: '⚠ 同一版号内容不同，未采用',
  forged: '⚠ 不是登记密钥的签名，未采用',
  malformed: '⚠ 内容不合要求，未采用',
  nothing: '对方尚未发布',
  silent: '⚠ 对方未答复',
  unregistered: '⚠ 对方未登记',
};

type State = Awaited<ReturnType<ListForwarding['state']>>;

/** Whose catalogue and scenario lists are in force, how fetching them went last, and buttons to change that: a part of the operations page. */
export function printLists({ lists, version }: ListsInForce, state: State, platforms: readonly RegisteredPlatform[]): string {
  const nameOf = (id: string) => `${id} ${escapeText(platforms.find(({ platformId }) => platformId === id)?.name ?? '')}`;
  const button = (follow: string, from: string, words: string) => `<button type="button" class="switch" data-follow="${follow}" data-from="${from}">${words}</button>`;
  const choices = state === null
    ? platforms.filter(({ route }) => route !== null).map(({ platformId }) => button(platformId, platformId, `改为转发 ${nameOf(platformId)} 发布的`))
    : [button(state.originId, state.fromId, '立即获取'), button('own', '', '恢复本平台发布')];
  const size = `证照目录 ${lists.catalogue.length} 类，用证清单 ${lists.scenarios.length} 份，${version === 0 ? '程序自带，尚未发布' : `第 ${version} 版`}`;
  const origin = state === null ? '本平台发布' : `${nameOf(state.originId)} 发布，本平台转发`;
  const fetched = state === null ? '' : `<p class="legend">${state.fromId === state.originId ? '' : `经 ${nameOf(state.fromId)}；`}${printTimeElement(state.askedAt)} 获取：${outcomes[state.outcome]}</p>`;
  return `<section class="wide" id="lists"><h2>目录与清单：${origin}</h2><p>${size}</p>${fetched}<div class="switches">${choices.join('')}</div><p class="legend" role="status"></p></section>`;
}

/** The style of its buttons' row. */
export const listsPanelStyle = '#lists .switches{margin-top:10px}\n';
