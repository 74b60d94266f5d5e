/** Style sheets are imported for what they do, not for what they hold. */
declare module '*.css';

declare module '*.css?url' {
  /** Address of the style sheet. */
  const address: string;
  export default address;
}
