/** The look of pages: one style for screens of all widths, both colour schemes, and paper. Contrast is WCAG's AA in both. */
export const STYLE = `:root{color-scheme:light dark;--ok:#116329;--bad:#a40e26;--doubt:#7a4b00;--line:#8c95a0;--add:#dafbe1;--del:#ffebe9;--soft:#f3f5f7;--key:#0a3069;--text:#0b5394}
@media(prefers-color-scheme:dark){:root{--ok:#56d364;--bad:#ff9b92;--doubt:#e3b341;--line:#6e7681;--add:#12361f;--del:#4a1d1f;--soft:#1b2027;--key:#9ecbff;--text:#a5d6ff}}
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:0 auto;padding:1rem}
h2{margin-top:2.5rem;border-top:2px solid var(--line);padding-top:1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;overflow-wrap:anywhere}
nav tr,tbody tr{border-bottom:1px solid color-mix(in srgb,var(--line) 40%,transparent)}
.migrated,.chosen{color:var(--ok)}.refused,.error{color:var(--bad)}.partial,.warning{color:var(--doubt)}.dim{opacity:.8}
code{font-family:ui-monospace,monospace;font-size:.9em}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}.diff{table-layout:fixed}.number{width:3rem}.mark{width:1.5rem}nav td:nth-child(3),nav td:nth-child(5),nav th{white-space:nowrap}
.diff td{border:0;padding:0 .5rem;white-space:pre-wrap}.diff tr{border:0}
.diff td:nth-child(-n+3){color:inherit;opacity:.8;text-align:right;white-space:nowrap;user-select:none}
.added{background:var(--add)}.removed{background:var(--del)}.hunk td{background:var(--soft);font-size:.85em}.because td{font-size:.9em;padding-left:1.5rem;background:var(--soft)}
.stages{list-style:none;padding:0;max-width:34rem}.stage{border:1px solid var(--line);border-radius:6px;padding:.5rem .75rem}.flow{padding:.25rem .75rem .25rem 1.5rem}
.place{padding-left:1rem}summary{cursor:pointer}.cut{opacity:.8}
.hljs-keyword,.hljs-built_in,.hljs-attr,.hljs-section{color:var(--key);font-weight:600}.hljs-string,.hljs-variable{color:var(--text)}.hljs-comment{opacity:.8;font-style:italic}
@media(max-width:40rem){nav td:nth-child(4),nav th:nth-child(4){display:none}body{padding:.5rem}}
@media print{details>*{display:block}.scroll{overflow:visible}section{break-inside:avoid-page}}`;
