// In a long conversation the older answers come when they come into view.

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
  const answer = content?.querySelector("chat-answer")
  if (!answer || !folded.isConnected) return
  folded.replaceWith(answer)
  if (location.hash === `#${answer.id}`) answer.scrollIntoView()
}

export function watchFolded() {
  for (const folded of document.querySelectorAll("[data-folded]")) observer.observe(folded)
}

watchFolded()
document.addEventListener("turned", watchFolded)
