/** Quantiles of measured values, as a row of a report. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function row(values: readonly number[], unit: string): string {
  const show = (share: number) => quantile(values, share).toFixed(unit === 'ms' ? 1 : 0);
  return `p50 ${show(0.5)} ${unit}, p99 ${show(0.99)} ${unit}, n ${values.length}`;
}
