/** The document around what a page says, and the headers that go with it. */
import { createHash } from 'node:crypto';
import { html, Html, keptHtml } from './html.js';
import { LANGUAGE_NAMES, LANGUAGE_TAGS, LANGUAGES, type Language } from './language.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';

/** In one piece each: what they hold is what their digests are of, to the byte. */
const STYLE = keptHtml(new Html(`<style>${PAGE_STYLE}</style>`));
const SCRIPT = keptHtml(new Html(`<script>${PAGE_SCRIPT}</script>`));
const SOURCES = [PAGE_STYLE, PAGE_SCRIPT].map(
  (text) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`,
);

/**
 * No page of ours is kept, framed, searched or told of: the address holds the slip's code, and goes nowhere as a
 * referrer. Nothing runs or is drawn but what stands in `page-script.ts` and `page-style.ts`.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${SOURCES[0]}`,
    `script-src ${SOURCES[1]}`,
    "connect-src 'self'",
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  vary: 'accept-language, accept-encoding',
};

export interface Document {
  readonly language: Language;
  readonly title: string;
  /** What stands in `<main>`; has the only `<h1>`, with tabindex -1. */
  readonly main: Html;
}

/** Addresses in it are relative to the page's own: the code stands nowhere in the document. */
export function layout({ language, title, main }: Document): Html {
  const others = LANGUAGES.filter((other) => other !== language).map(
    (other) =>
      html`<a href="?lang=${other}" lang="${LANGUAGE_TAGS[other]}" hreflang="${LANGUAGE_TAGS[other]}"
        >${LANGUAGE_NAMES[other]}</a
      >`,
  );
  return html`<!doctype html>
    <html lang="${LANGUAGE_TAGS[language]}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <header>
          <span aria-hidden="true">政务服务“好差评”</span>
          <nav>${others}</nav>
        </header>
        <main>${main}</main>
        ${SCRIPT}
      </body>
    </html>`;
}
