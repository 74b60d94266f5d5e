/**
 * How the page looks; it stands in each document, so that one answer is all that a slow line has to bring. Every pair of
 * text and ground has 4.5:1 or more; sizes follow the reader's own size of type.
 */
export const PAGE_STYLE = `
:root{--ground:#eef2f4;--surface:#fff;--ink:#15242e;--soft:#43535e;--line:#74868f;--accent:#0b566e;--deep:#083f52;--tint:#d9e9ef;--bad:#a12b2b}
*,::before,::after{box-sizing:border-box}
html{color:var(--ink);background:var(--ground);font:1rem/1.4 'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',system-ui,sans-serif;text-size-adjust:100%;-webkit-text-size-adjust:100%;scroll-padding-bottom:6rem}
body{margin:0;overflow-wrap:anywhere}
h1,h2,p,dl,dd,ol,fieldset{margin:0;padding:0;border:0}
a{color:var(--deep)}
:focus-visible{outline:.2rem solid var(--ink);outline-offset:.15rem}
h1:focus{outline:0}
header,main{max-width:60rem;margin:auto;padding:.75rem 1rem}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1rem;padding-bottom:0;color:var(--soft)}
header a{padding:.25rem .5rem}
main{padding-bottom:1.5rem}
h1{font-size:1.375rem;line-height:1.25;margin-bottom:.5rem}
h2,legend{padding:0;font-size:1.0625rem;font-weight:700}
.thing{display:flex;flex-wrap:wrap;gap:0 1rem;margin-bottom:.75rem}
.thing div{display:flex;gap:.4rem}
.thing dt{color:var(--soft);flex:none}
.thing dd{font-weight:700}
.card{padding:1.25rem 1rem;border-radius:.75rem;background:var(--surface);margin-bottom:1rem}
.card p+p,.card p+h2{margin-top:.75rem}
.soft{color:var(--soft)}
.bad{color:var(--bad);font-weight:700}
.levels{min-width:0;display:grid;gap:.5rem;grid-template-rows:repeat(5,1fr)}
.levels>legend{margin-bottom:.5rem}
.levels>input,.chips input,.single input{position:absolute;width:1px;height:1px;margin:0;opacity:0}
.l5{--level:#1c7143}.l4{--level:#0c6d72}.l3{--level:#2c63a0}.l2{--level:#8f5410}.l1{--level:#ad3434}
.level{display:grid;grid-template-columns:min(4rem,18vw) minmax(0,1fr);align-items:center;min-height:3.75rem;border-radius:.75rem;overflow:hidden;background:var(--surface);box-shadow:inset 0 0 0 .125rem var(--level);font-size:1.25rem;font-weight:700;cursor:pointer}
.level>.at{display:grid;place-items:center;align-self:stretch;background:var(--level)}
.face{width:min(2.75rem,14vw);height:2.75rem;fill:none;stroke:#fff;stroke-width:3.6;stroke-linecap:round;stroke-linejoin:round}
.face .f{fill:#fff;stroke-width:1.6}
.told{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;min-width:0;padding:.25rem .75rem}
.stars{color:var(--level);font-size:1rem;letter-spacing:.05em;white-space:nowrap}
.levels>input:checked+.level{background:var(--tint);box-shadow:inset 0 0 0 .25rem var(--level)}
input:focus-visible+label{outline:.2rem solid var(--ink);outline-offset:.15rem}
.why{display:none;min-width:0;margin-top:.5rem}
#l5:checked~.why.l5,#l4:checked~.why.l4,#l3:checked~.why.l3,#l2:checked~.why.l2,#l1:checked~.why.l1{display:block}
.chips{display:flex;flex-wrap:wrap;gap:.5rem;padding-top:.5rem}
.chips label,.single label{display:inline-flex;align-items:center;min-height:2.75rem;padding:.375rem .75rem;border-radius:.5rem;background:var(--surface);box-shadow:inset 0 0 0 .0625rem var(--line);line-height:1.25;cursor:pointer}
.chips input:checked+label,.single input:checked+label{background:var(--tint);box-shadow:inset 0 0 0 .1875rem var(--accent);font-weight:700}
.chips input:checked+label::before,.single input:checked+label::before{content:'✓\\00a0'}
details{margin-top:.75rem}
summary{min-height:2.75rem;padding:.6rem 0;font-weight:700;cursor:pointer}
.single{margin-bottom:.75rem}
.say{display:block;margin-top:.75rem}
.say>label{font-weight:700}
textarea,.line{display:block;width:100%;margin-top:.25rem;padding:.5rem .75rem;border:.0625rem solid var(--line);border-radius:.5rem;background:var(--surface);color:inherit;font:inherit}
.bar{position:sticky;bottom:0;margin-top:.75rem;padding:.5rem 0 .75rem;background:var(--ground)}
.button{display:block;width:100%;min-height:3rem;padding:.5rem 1rem;border:0;border-radius:.75rem;background:var(--accent);color:#fff;font:inherit;font-size:1.25rem;font-weight:700;line-height:1.3;text-align:center;text-decoration:none;cursor:pointer}
.quiet{background:var(--surface);color:var(--deep);box-shadow:inset 0 0 0 .125rem var(--accent)}
.change p{margin:.75rem 0}
.steps{margin-top:.5rem;padding-left:1.5rem}
.steps li{padding:.25rem 0;color:var(--soft)}
.steps [aria-current]{color:var(--ink);font-weight:700}
.aloud{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (min-width:40em){
.levels{grid-template-columns:repeat(5,minmax(0,1fr));grid-template-rows:1fr}
.level{grid-template-columns:minmax(0,1fr);grid-template-rows:3.5rem 1fr}
.told{align-self:stretch;flex-direction:column;flex-wrap:nowrap;gap:.25rem;padding:.4rem .25rem;font-size:1.0625rem;line-height:1.2;text-align:center}
.stars{white-space:normal}
.why,.say,.bar,.levels>details{grid-column:1/-1}
}
@media (max-height:30em){.bar{position:static}}
@media (forced-colors:active){.levels>input:checked+.level,.chips input:checked+label,.single input:checked+label{outline:.25rem solid Highlight}}
`.trim();
