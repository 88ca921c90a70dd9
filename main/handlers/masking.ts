/** A personal name with its middle hidden: 陈*国, 刘*, 欧**娜; never the whole name. */
export function maskName(name: string): string {
  const characters = [...name];
  const [first = ''] = characters;
  if (characters.length <= 1) return characters.length === 0 ? '' : '*';
  if (characters.length === 2) return `${first}*`;
  return `${first}${'*'.repeat(characters.length - 2)}${characters.at(-1) ?? ''}`;
}

/** An identity number with all but its first three and last two characters hidden; short ones whole. */
export function maskId(id: string): string {
  return maskMiddle(id, 3, 2);
}

/** A telephone number with all but its first three and last two digits hidden. */
export function maskPhone(phone: string): string {
  return maskMiddle(phone, 3, 2);
}

/**
 * Hides identity and mobile numbers that stand in a text which nobody declared personal: sources make mistakes, and a
 * number once shown is shown.
 */
export function maskNumbersIn(text: string): string {
  return text
    .replaceAll(identityNumber, maskId)
    .replaceAll(/(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])/g, maskPhone);
}

// Its date of birth tells it from an all-digit social credit code, which is as long and not a secret.
const identityNumber = /(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])/g;

function maskMiddle(text: string, head: number, tail: number): string {
  const characters = [...text];
  if (characters.length <= head + tail) return '*'.repeat(characters.length);
  return `${characters.slice(0, head).join('')}${'*'.repeat(characters.length - head - tail)}${characters.slice(-tail).join('')}`;
}
