// Leaves at once: the page is emptied before the exit answers, and it goes out of the list behind the back button.
// Shift three times does the same. Without this script the link still leads out and signs out.
'use strict'
{
  const { exit, moment, two, one, over } = document.currentScript.dataset
  const PRESSES = 3
  const WITHIN = 5000 // milliseconds for the next press
  const told = document.getElementById('leaving')
  let presses = 0
  let withAnother = false
  let timer = 0

  function leave (event) {
    if (event) event.preventDefault()
    const cover = document.createElement('p')
    cover.setAttribute('role', 'alert')
    document.body.replaceChildren(cover)
    document.title = moment
    cover.textContent = moment
    location.replace(exit)
  }

  function say (text) {
    if (told) told.textContent = text
  }

  function startAnew (text) {
    clearTimeout(timer)
    presses = 0
    say(text)
  }

  function press () {
    clearTimeout(timer)
    presses += 1
    if (presses === PRESSES) return leave()
    say(presses === 1 ? two : one)
    timer = setTimeout(() => startAnew(over), WITHIN)
  }

  for (const link of document.querySelectorAll(`a[href="${exit}"]`)) link.addEventListener('click', leave)
  for (const part of document.querySelectorAll('[data-script]')) part.hidden = false
  // Shift held with another key, or with a click, writes a capital or selects: that is no press.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Shift') withAnother = event.shiftKey
    else if (event.ctrlKey || event.altKey || event.metaKey) withAnother = true
  })
  document.addEventListener('pointerdown', (event) => {
    if (event.shiftKey) withAnother = true
  })
  document.addEventListener('keyup', (event) => {
    const alone = event.key === 'Shift' && !withAnother
    if (event.key === 'Shift') withAnother = false
    if (alone) press()
    else if (presses) startAnew('')
  })
  // A page that comes out of the browser's memory shows nothing until the desk was asked again.
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    document.documentElement.hidden = true
    location.reload()
  })
}
