/** A moment (epoch ms) as HTML: in UTC until the page's program has put it into the reader's own time; ISO 8601 on hover either way. */
export function printTimeElement(at: number): string {
  const iso = new Date(at).toISOString();
  return `<time datetime="${iso}" title="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** The program that tells such moments by the reader's clock, the zone said. */
export const timeElementScript = `const clock = new Intl.DateTimeFormat('zh-CN', { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' });
for (const time of document.querySelectorAll('time')) {
  const part = Object.fromEntries(clock.formatToParts(new Date(time.dateTime)).map(({ type, value }) => [type, value]));
  time.textContent = part.year + '-' + part.month + '-' + part.day + ' ' + part.hour + ':' + part.minute + ' ' + part.timeZoneName;
}
`;
