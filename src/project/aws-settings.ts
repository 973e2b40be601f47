/** Keys that are written in duro.yaml; they are secrets. */
export interface AwsKeys {
  accessKeyId: string
  secretAccessKey: string
  /** Of temporary keys. */
  sessionToken: string | null
}

/** How AWS is reached; what is null is left to the default chain: environment, profile, role. */
export interface AwsSettings {
  region: string | null
  keys: AwsKeys | null
  /** Another address than that of AWS. */
  endpoint: string | null
}

/** `s3:` in duro.yaml: where rows wait for Redshift to load them. */
export interface S3Settings extends AwsSettings {
  bucket: string
  /** What all keys begin with: empty, or ending in a slash. */
  prefix: string
  /** Whose rights Redshift reads with: a role's ARN, or `default`; null: those that duro writes with. */
  iamRole: string | null
  /** The bucket is named in the path of an address, not in its host. */
  pathStyle: boolean
}

/** `iam:` in duro.yaml: who is asked for a password of the database. */
export type IamSettings = AwsSettings & {
  /** Where it is not named in the URL of the database. */
  database: string | null
} & (IamCluster | IamWorkgroup)

/** Redshift without servers of one's own. */
export interface IamWorkgroup {
  kind: 'workgroup'
  workgroup: string
}

export interface IamCluster {
  kind: 'cluster'
  cluster: string
  /** Null: the one that belongs to the identity at AWS. */
  user: string | null
  dbGroups: readonly string[]
  /** Makes the user where there is none. */
  autoCreate: boolean
}
