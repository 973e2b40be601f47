/** A string or a number of a JSON text; strings are matched so that numbers within them are left alone. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON in which numbers that JavaScript would round become text: amounts on a chain have up to 78 digits. */
export function parseExactly(json: string): unknown {
  return JSON.parse(json.replaceAll(token, (found) => (isRounded(found) ? `"${found}"` : found)))
}

/** Seventeen digits tell any number of JavaScript from any other, fifteen are never changed. */
function isRounded(found: string): boolean {
  return (
    !found.startsWith('"') && found.replaceAll(/[^\d]/g, '').length > 15 && String(Number(found)) !== found
  )
}
