import { randomBytes } from 'node:crypto'

import { describe } from 'vitest'

import { describeIf } from '../support/pg-version.ts'
import {
  clusterBucket,
  clusterBucketName,
  objectServerBucket,
  s3ServerBucket,
  type Bucket,
} from '../support/redshift/bucket.ts'
import { makeFixtureWorld } from '../support/redshift/fixture-world.ts'
import { clusterServer, clusterUrl, standInServer } from '../support/redshift/redshift-world.ts'
import { motoServer, whyNoS3 } from '../support/s3/start-s3-server.ts'
import { tellOfCities } from './redshift/tell-of-cities.ts'
import { tellOfGrants, type Grants } from './redshift/tell-of-grants.ts'

const cluster = clusterUrl ?? ''
const whyNoCluster = 'needs DURO_TEST_REDSHIFT_URL, a cluster in which databases may be made'
const whyNoBucket = `${whyNoCluster}, and DURO_TEST_REDSHIFT_BUCKET, a bucket that it may read`

describe('fixtures/cities-redshift, on the stand-in', () => {
  tellOfCities(async () => makeFixtureWorld('cities-redshift', await standInServer()))
})

describeIf(clusterUrl !== null, whyNoCluster, 'fixtures/cities-redshift, on a cluster', () => {
  tellOfCities(async () => makeFixtureWorld('cities-redshift', await clusterServer(cluster)))
})

const onStandIn = async (bucket: Bucket): Promise<Grants> => {
  const world = await makeFixtureWorld('grants-redshift', await standInServer(bucket.store), bucket)
  return { world, bucket }
}

describe('fixtures/grants-redshift, on the stand-in, with its own object server', () => {
  tellOfGrants(async () => onStandIn(await objectServerBucket()))
})

describeIf(motoServer !== null, whyNoS3, 'fixtures/grants-redshift, on the stand-in, with moto', () => {
  tellOfGrants(async () => onStandIn(await s3ServerBucket()))
})

describeIf(
  clusterUrl !== null && clusterBucketName !== null,
  whyNoBucket,
  'fixtures/grants-redshift, on a cluster',
  () => {
    tellOfGrants(async () => {
      const bucket = clusterBucket(clusterBucketName ?? '', `duro-test-${randomBytes(5).toString('hex')}/`)
      const world = await makeFixtureWorld('grants-redshift', await clusterServer(cluster), bucket)
      return { world, bucket }
    })
  },
)
