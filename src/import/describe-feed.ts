import type { Feed } from '../project/feed.ts'

/** In a few words on one line, since it becomes a comment, with IN and OUT for the paths that are known when it runs. */
export function describeFeed(feed: Feed): string {
  return inWords(feed).replaceAll(/[\r\n]+/g, ' ')
}

function inWords(feed: Feed): string {
  if (feed.kind === 'import') return feed.import.description
  const { processor } = feed
  const words = processor.kind === 'python' ? ['python3', processor.script.path] : processor.command
  return [...words, 'IN', 'OUT'].join(' ')
}
