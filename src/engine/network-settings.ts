/** How a connection is made and watched: a host that does not answer counts as unreachable after 15 seconds. */
export const networkSettings = {
  connectionTimeoutMillis: 15_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 2000,
} as const
