/** The sample that one changed byte makes hungry, where it is, and what it becomes; the change was found among a hundred thousand. */
export const hungrySample = { name: 'annotation-stamp.pdf', at: 1632, was: 137, becomes: 175 } as const;

/** A PDF that makes its library ask for more memory than a process may have, and more at once than a thread can be ended for. */
export function makeHungryPdf(sample: Uint8Array): Uint8Array {
  const { at, was, becomes } = hungrySample;
  if (sample[at] !== was) throw new Error(`${hungrySample.name} is another file`);
  return sample.with(at, becomes);
}
