/** The servers that duro knows, as `engine:` in duro.yaml names them. */
export type EngineName = 'postgres' | 'redshift'
