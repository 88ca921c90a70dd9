/**
 * Whom a request is counted against that nobody has signed for: the address it came from, of IPv6 the network of 64 bits
 * that one customer has. Never the account that it names, which anybody can write down.
 */
export function nameOrigin(ip: string): string {
  const plain = ip.toLowerCase().replace(/^::ffff:(?=[0-9.]+$)/, '').replace(/%.*$/, '');
  return `address ${plain.includes(':') ? readNetwork(plain) : plain}`;
}

/** Whether a name is that of an address and not an account's. */
export function isOrigin(subject: string): boolean {
  return subject.startsWith('address ');
}

function readNetwork(ip: string): string {
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const whole = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${whole.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
