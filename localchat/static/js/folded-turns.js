// In a long conversation the older turns come when they come into view.

import { fragment } from "./roads.js"

const NEAR = "1500px" // above and below what is seen

const observer = new IntersectionObserver(seen, { root: document.querySelector("page-scroller"), rootMargin: NEAR })

function seen(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue
    observer.unobserve(target)
    unfold(target)
  }
}

async function unfold(folded) {
  const content = await fragment(folded.dataset.folded).catch(() => null)
  const turn = content?.querySelector(".turn")
  if (!turn || !folded.isConnected) return
  folded.replaceWith(turn)
  const meant = location.hash && turn.querySelector(`#${CSS.escape(location.hash.slice(1))}`)
  if (meant) meant.scrollIntoView()
}

export function watchFolded() {
  for (const folded of document.querySelectorAll("[data-folded]")) observer.observe(folded)
}

watchFolded()
document.addEventListener("turned", watchFolded)
