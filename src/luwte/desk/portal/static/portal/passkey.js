// Makes a passkey, or uses one, when its form is pressed, and sends what the browser got. What it is asked for
// stands in the form, so nothing more is asked of the desk. Without this script these forms stay hidden.
'use strict'
{
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

  function read (options) {
    const key = options.publicKey
    key.challenge = bytes(key.challenge)
    if (key.user) key.user.id = bytes(key.user.id)
    for (const one of key.excludeCredentials || []) one.id = bytes(one.id)
    return { publicKey: key }
  }

  function written (credential) {
    const answer = {}
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[name]) answer[name] = text(credential.response[name])
    }
    const id = text(credential.rawId)
    return JSON.stringify({ id, rawId: id, type: credential.type, response: answer, clientExtensionResults: {} })
  }

  async function ask (form) {
    const failed = form.querySelector('[data-passkey-failed]')
    failed.hidden = true
    try {
      const options = read(JSON.parse(form.dataset.options))
      const way = form.dataset.passkey === 'make' ? 'create' : 'get'
      form.elements.credential.value = written(await navigator.credentials[way](options))
      form.submit()
    } catch {
      failed.hidden = false
      failed.focus()
    }
  }

  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll('[data-no-passkey]')) part.hidden = true
    for (const form of document.querySelectorAll('[data-passkey]')) {
      form.hidden = false
      form.addEventListener('submit', (event) => {
        event.preventDefault()
        ask(form)
      })
    }
  }
}
