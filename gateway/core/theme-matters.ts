/** The matters of a theme that a citizen may rate one by one (S §20): told by code and neutral label, never by whose case. */
import { MAX_MATTERS, themeMatterSchema, type ServiceCase, type ThemeMatter } from '../../protocol/index.js';

/**
 * @returns `undefined` where there are not several: a matter without a label, or whose code does not fit, is not told of;
 *   and of more than a citizen would go through, none is.
 */
export function themeMatters(
  form: string | null | undefined,
  cases: readonly ServiceCase[] | null | undefined,
): readonly ThemeMatter[] | undefined {
  if (form !== 'theme' || cases == null) return undefined;
  const named = cases.flatMap(({ matter }) => themeMatterSchema.safeParse(matter).data ?? []);
  const matters = [...new Map(named.map((matter) => [matter.code, matter])).values()];
  return matters.length < 2 || matters.length > MAX_MATTERS ? undefined : matters;
}
