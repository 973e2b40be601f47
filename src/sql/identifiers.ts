/** A relation by schema and name, exact case, no quotes. */
export interface Address {
  schema: string
  name: string
}
