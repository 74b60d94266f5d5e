/** Styles are files of their own; the builder links them. */
declare module '*.css';
