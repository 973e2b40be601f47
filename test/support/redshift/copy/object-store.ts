/** Where `copy` finds its objects and `unload` leaves them. */
export interface ObjectStore {
  list(bucket: string, prefix: string): Promise<string[]>
  read(bucket: string, key: string): Promise<Buffer>
  write(bucket: string, key: string, content: Buffer): Promise<void>
}
