/** The hour of today, the day of an earlier one. @param at ms since 1970. */
export function hourOrDay(at: number): string {
  const then = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return then.toDateString() === new Date().toDateString()
    ? `${two(then.getHours())}:${two(then.getMinutes())}`
    : `${then.getMonth() + 1}/${then.getDate()}`;
}
