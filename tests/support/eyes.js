// What a person with eyes, a finger or a keyboard would trip over on a page. Each function returns sentences.
(() => {
  const AIM = 24 // CSS pixels, WCAG 2.5.8
  const STOPS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])'
  const brief = (text) => `"${text.trim().replace(/\s+/g, ' ').slice(0, 60)}"`

  function shown (element) {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one)
      if (style.clipPath !== 'none' || style.clip !== 'auto') return false
      const box = one.getBoundingClientRect()
      if (style.overflow === 'hidden' && box.width <= 1 && box.height <= 1) return false
    }
    return true
  }

  function lines () {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      if (!node.data.trim() || !node.parentElement || !shown(node.parentElement)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        if (box.width > 0.5 && box.height > 0.5 && box.bottom + scrollY > 0) found.push({ box, of: node.parentElement, text: node.data })
      }
    }
    return found
  }

  function cut () {
    const faults = new Set()
    const wide = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth > wide) faults.add(`scrolls sideways: ${document.documentElement.scrollWidth} in ${wide}`)
    for (const { box, of, text } of lines()) {
      if (box.left < -1 || box.right > wide + 1) faults.add(`sticks out: ${brief(text)}`)
      for (let one = of; one && one !== document.body; one = one.parentElement) {
        const style = getComputedStyle(one)
        if (style.display === 'inline') continue
        const frame = one.getBoundingClientRect()
        const hides = (way) => ['hidden', 'clip', 'auto', 'scroll'].includes(way)
        const across = hides(style.overflowX) && (box.left < frame.left - 1 || box.right > frame.right + 1)
        const down = hides(style.overflowY) && (box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        if (across || down) faults.add(`cut: ${brief(text)}`)
        if (style.textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth) faults.add(`shortened: ${brief(text)}`)
      }
    }
    for (const field of document.querySelectorAll('button, select')) {
      if (shown(field) && field.scrollWidth > field.clientWidth + 1) faults.add(`does not fit: ${brief(field.textContent)}`)
    }
    return [...faults]
  }

  function overlaps () {
    const faults = new Set()
    const all = lines()
    for (let i = 0; i < all.length; i++) {
      for (let j = i + 1; j < all.length; j++) {
        const [a, b] = [all[i], all[j]]
        if (a.of === b.of || a.of.contains(b.of) || b.of.contains(a.of)) continue
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (across > 2 && down > 4) faults.add(`${brief(a.text)} lies over ${brief(b.text)}`)
      }
    }
    return [...faults]
  }

  function targets () {
    const faults = []
    const all = [...document.querySelectorAll(STOPS)].filter(shown).filter((one) => one.getBoundingClientRect().bottom + scrollY > 0)
    const boxes = all.map((one) => one.getBoundingClientRect())
    all.forEach((one, place) => {
      const box = boxes[place]
      if (Math.min(box.width, box.height) >= AIM - 0.01) return
      const around = one.parentElement.textContent.trim() !== one.textContent.trim()
      if (getComputedStyle(one).display === 'inline' && around) return // in a sentence
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
      const near = boxes.some((other, index) => {
        if (index === place) return false
        const dx = Math.max(other.left - x, 0, x - other.right)
        const dy = Math.max(other.top - y, 0, y - other.bottom)
        return Math.hypot(dx, dy) < AIM / 2
      })
      if (near || getComputedStyle(one).display !== 'inline') faults.push(`small: ${brief(one.textContent || one.name)} ${Math.round(box.width)} x ${Math.round(box.height)}`)
    })
    return faults
  }

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  function colour (text) {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = text
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    return { r, g, b, a: a / 255 }
  }
  function over (top, below) {
    const mix = (name) => top[name] * top.a + below[name] * (1 - top.a)
    return { r: mix('r'), g: mix('g'), b: mix('b'), a: 1 }
  }
  function ground (element) {
    if (!element) return colour('Canvas')
    const own = colour(getComputedStyle(element).backgroundColor)
    return own.a === 1 ? own : over(own, ground(element.parentElement))
  }
  function light ({ r, g, b }) {
    const [x, y, z] = [r, g, b].map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  function ratio (one, other) {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }

  function contrast () {
    const faults = new Set()
    for (const { of, text } of lines()) {
      const style = getComputedStyle(of)
      const below = ground(of)
      const found = ratio(over(colour(style.color), below), below)
      const size = parseFloat(style.fontSize)
      const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700)
      if (found < (large ? 3 : 4.5)) faults.add(`${found.toFixed(2)} to 1: ${brief(text)}`)
    }
    for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
      if (!shown(field) || field.disabled) continue
      const style = getComputedStyle(field)
      if (['checkbox', 'radio'].includes(field.type) && style.appearance !== 'none') continue // drawn by the browser
      const around = ground(field.parentElement)
      const edge = parseFloat(style.borderTopWidth) ? ratio(over(colour(style.borderTopColor), around), around) : 1
      const found = Math.max(edge, ratio(ground(field), around))
      if (found < 3) faults.add(`${found.toFixed(2)} to 1: the edge of ${brief(field.name || field.id)}`)
    }
    return [...faults]
  }

  function stops () {
    const groups = new Set()
    return [...document.querySelectorAll(STOPS)].filter((one) => {
      if (one.disabled || !one.checkVisibility({ visibilityProperty: true })) return false
      if (one.type !== 'radio') return true
      const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(one.name)}"]`)]
      if (group.some((each) => each.checked)) return one.checked
      if (groups.has(one.name)) return false
      return groups.add(one.name)
    })
  }

  function focused () {
    const one = document.activeElement
    if (!one || one === document.body) return null
    const box = one.getBoundingClientRect()
    const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]]
    const seen = points.filter(([x, y]) => {
      const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)
      return top && (one.contains(top) || (top.contains(one) && top !== document.body))
    }).length
    const style = getComputedStyle(one)
    const around = ground(one.parentElement)
    const fixed = [...document.querySelectorAll('.lw-shortcuts, .utrecht-page-header')].some((part) => part.contains(one))
    return {
      place: stops().indexOf(one),
      name: brief(one.textContent || one.name || one.id),
      seen,
      outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      contrast: ratio(over(colour(style.outlineColor), around), around),
      flows: !fixed,
      top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left
    }
  }

  function longest () {
    const faults = new Set()
    for (const paragraph of document.querySelectorAll('p, li, dd')) {
      if (!shown(paragraph) || paragraph.querySelector('p, li, div')) continue
      const style = getComputedStyle(paragraph)
      const range = document.createRange()
      range.selectNodeContents(paragraph)
      const wide = Math.max(0, ...[...range.getClientRects()].map((box) => box.width))
      canvas.font = style.font
      const letter = canvas.measureText('abcdefghijklmnopqrstuvwxyz ').width / 27
      if (wide / letter > 90) faults.add(`${Math.round(wide / letter)} letters on a line: ${brief(paragraph.textContent)}`)
    }
    return [...faults]
  }

  return { cut, overlaps, targets, contrast, stops: () => stops().length, focused, longest }
})()
