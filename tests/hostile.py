"""Texts that would run a script or fetch something wherever they are shown as they are.

What runs says so in `window.ran`; what is fetched is under `/ran/` of this origin, or at another.
"""

ELSEWHERE = "https://elsewhere.example"
RUN = "(window.ran=window.ran||[]).push({n})"
BARE = (
    "<script>{run}</script>",
    "<ScRiPt/x>{run}</sCrIpT>",
    "<script src={own}></script>",
    "<script src={far}></script>",
    "<img src={far}>",
    "<img src=x{own} onerror={run}>",
    "<img src=/ran/{n} onerror={run}>",
    "<svg onload={run}>",
    "<svg><script href={own} /></svg>",
    "<svg><image href={far} /></svg>",
    "<svg><use href={own}#a /></svg>",
    "<svg><animate onbegin={run} attributeName=x dur=1s></svg>",
    "<svg><style><img src=/ran/{n} onerror={run}></style></svg>",
    "<math><mtext><table><mglyph><style><img src=/ran/{n} onerror={run}>",
    "<math href='javascript:{run}'>x</math>",
    "<body onload={run}>",
    "<iframe src={own}></iframe>",
    "<iframe srcdoc='<script>parent.{bare}</script>'></iframe>",
    "<iframe src='javascript:parent.{bare}'></iframe>",
    "<object data={own}></object>",
    "<embed src={far}>",
    "<video><source src={own} onerror={run}></video>",
    "<video poster={far}></video>",
    "<audio src={own} onerror={run} autoplay></audio>",
    "<details open ontoggle={run}>x</details>",
    "<input autofocus onfocus={run}>",
    "<select autofocus onfocus={run}></select>",
    "<textarea autofocus onfocus={run}></textarea>",
    "<marquee onstart={run}>x</marquee>",
    "<style>@import '{far}';</style>",
    "<style>*{{background:url({own})}}</style>",
    "<style>@keyframes x{{}}</style><b style='animation-name:x' onanimationstart={run}>x</b>",
    "<b style='background:url({far})'>x</b>",
    "<b style='width:expression({run})'>x</b>",
    "<link rel=stylesheet href={far}>",
    "<link rel=prefetch href={own}>",
    "<link rel=dns-prefetch href=//elsewhere.example>",
    "<meta http-equiv=refresh content='0;url={own}'>",
    "<base href={far}/>",
    "<form action={own}><button autofocus onfocus={run}>x</button></form>",
    "<template><script>{run}</script></template>",
    "<noscript><p title='</noscript><img src=/ran/{n} onerror={run}>'>",
    "<xss contenteditable autofocus onfocus={run}>x</xss>",
    "<a href='javascript:{run}' id=x>x</a>",
    "<chat-answer data-href={own}><script>{run}</script></chat-answer>",
    "<dialog open><script>{run}</script></dialog>",
    "<table background={far}><td background={own}>x</table>",
    "<portal src={own}></portal>",
    "![x]({far})",
    "![x](javascript:{run})",
    "[x](javascript:{run})",
    "<javascript:{run}>",
    "![x](data:image/svg+xml,<svg/onload={run}>)",
    "$$\\href{{javascript:{run}}}{{x}}$$",
    "$\\text{{<img src=/ran/{n} onerror={run}>}}$",
    "[^{n}]\n\n[^{n}]: <img src=/ran/{n} onerror={run}>",
    "```html\n<script>{run}</script>\n```",
    '```"><script>{run}</script>\nx\n```',
    "| a | <img src=/ran/{n} onerror={run}> |\n|---|---|\n| <script>{run}</script> | ![]({far}) |",
    "&lt;script&gt;{run}&lt;/script&gt; &#60;img src=/ran/{n} onerror={run}&#62;",
)
AROUND = (
    "{text}",
    "\"'>{text}",
    "</title></textarea></script></style>{text}",
    "`${{{bare}}}` {{{{ {bare} }}}} {{% x %}} --><!--{text}",
    "\" onmouseover={run} onfocus={run} autofocus style='background:url({own})' x=\"{text}",
)


def _one(number: int, around: str, bare: str) -> str:
    run = RUN.format(n=number)
    names = {"n": number, "run": run, "bare": run, "own": f"/ran/{number}"}
    names["far"] = f"{ELSEWHERE}/{number}"
    return around.format(text=bare.format(**names), **names)


TEXTS = tuple(
    _one(n, around, bare) for n, (around, bare) in enumerate((a, b) for a in AROUND for b in BARE)
)
