/** Fills `doubts` (0 sure to 255) for soft values: near the threshold, blown out by glare, or in an evenly coloured patch. */
export function markDoubts(soft: Float32Array, size: number, doubts: Uint8Array): void {
  const dark = typical(soft, size, 1);
  const light = typical(soft, size, -1);
  for (let i = 0; i < size * size; i++) {
    const value = soft[i] ?? 0;
    const usual = value > 0 ? dark : light;
    const share = usual === 0 ? 1 : Math.abs(value) / usual;
    doubts[i] = share < nearThreshold ? Math.round(255 * (1 - share / nearThreshold)) : share > blownOut ? 150 : 0;
  }
  markPatches(soft, size, doubts);
}

/** Below this share of the usual contrast a module is doubtful. */
const nearThreshold = 0.45;

/** Above it something else than the symbol is seen. */
const blownOut = 1.9;

/** Side of a patch of one colour that random data practically never shows. */
const patchSide = 5;
const patchDoubt = 200;

function typical(soft: Float32Array, size: number, sign: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < size * size; i++) {
    const value = sign * (soft[i] ?? 0);
    if (value <= 0) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function markPatches(soft: Float32Array, size: number, doubts: Uint8Array): void {
  const heights = new Uint8Array(size);
  for (let y = 0; y < size; y++) {
    let run = 0;
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const dark = (soft[i] ?? 0) > 0;
      run = x > 0 && (soft[i - 1] ?? 0) > 0 === dark ? Math.min(run + 1, 200) : 1;
      const above = y > 0 && (soft[i - size] ?? 0) > 0 === dark;
      // `heights` counts the rows whose run ends here and is wide enough.
      heights[x] = run >= patchSide ? (above ? Math.min((heights[x] ?? 0) + 1, 200) : 1) : 0;
      if ((heights[x] ?? 0) < patchSide) continue;
      for (let dy = 0; dy < patchSide; dy++) doubts.fill(patchDoubt, i - dy * size - patchSide + 1, i - dy * size + 1);
    }
  }
}
