// Texts, numbers and times by the page's language and the reader's own clock.

const FORMS = {
  day: { dateStyle: "medium" },
  moment: { dateStyle: "medium", timeStyle: "short" },
  second: { timeStyle: "medium" },
}
const ZONE_SECONDS = 31_536_000

const language = document.documentElement.lang
const catalogue = globalThis.catalogue ?? {}  // of a script of its own, before this one

// As the reader writes dates, as far as that is the page's language.
export const locale = navigator.languages.find(each => each.split("-")[0] === language) ?? language

const ORDER = ["zero", "one", "two", "few", "many", "other"]
let plurals = null  // made when something is counted: it takes a while

function formOf(n) {
  plurals ??= new Intl.PluralRules(language)
  const categories = ORDER.filter(each => plurals.resolvedOptions().pluralCategories.includes(each))
  return categories.indexOf(plurals.select(n))
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)

export const count = number => number.toLocaleString(locale)

export const gettext = (text, values = {}) => filled(catalogue[text]?.[0] ?? text, values)

// `n` counts; in the text it stands as {n}.
export function ngettext(one, many, n, values = {}) {
  const forms = catalogue[one] ?? [one, many]
  const form = catalogue[one] ? formOf(n) : Number(n !== 1)
  return filled(forms[Math.min(form, forms.length - 1)], { n: count(n), ...values })
}

const formats = {}

const formatOf = name => formats[name] ??= new Intl.DateTimeFormat(locale, FORMS[name])

// What the server wrote stands until here, and where there is no script.
export function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime)
    if (Number.isNaN(moment.getTime())) continue
    time.textContent = formatOf(time.dataset.form in FORMS ? time.dataset.form : "day").format(moment)
  }
}

// Tells the server the zone; whether it did not know it when it made this page.
export function tellZone() {
  const name = document.querySelector('meta[name="zone"]')?.content
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!name || !zone || document.cookie.split("; ").includes(`${name}=${zone}`)) return false
  const path = document.querySelector('meta[name="root"]').content
  document.cookie = `${name}=${zone}; path=${path}; max-age=${ZONE_SECONDS}; samesite=lax`
  return zone !== "UTC"
}
