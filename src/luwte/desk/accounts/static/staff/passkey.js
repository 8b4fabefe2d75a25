// Shows the parts of a page that need a script, and says so when the browser did not get a passkey.
'use strict'
document.addEventListener('DOMContentLoaded', () => {
  if (!window.webauthnJSON || !window.webauthnJSON.supported()) return
  for (const part of document.querySelectorAll('[data-passkey]')) part.hidden = false
  for (const part of document.querySelectorAll('[data-no-passkey]')) part.hidden = true
})
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const told = document.getElementById('passkey-failed')
  told.hidden = false
  told.focus()
})
