// Says two minutes before a visit ends that it will, so that somebody who reads on can stay.
'use strict'
{
  const BEFORE = 120 // seconds
  for (const told of document.querySelectorAll('[data-soon]')) {
    const left = Math.max(0, Number(told.dataset.soon) - BEFORE)
    setTimeout(() => { told.hidden = false }, left * 1000)
  }
}
