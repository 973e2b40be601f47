import { clientSettings } from '../../../aws/client-settings.ts'
import { loadClient } from '../../../aws/load-client.ts'
import type { IamCluster, IamSettings } from '../../../project/aws-settings.ts'
import { checkCredentials, checkEndpoint, validFor, type IamAuthority } from './iam-authority.ts'
import { explainIamError, nameOf } from './iam-error.ts'

const packages = ['@aws-sdk/client-redshift']
const load = () => loadClient(packages, () => import('@aws-sdk/client-redshift'))
type Sdk = Awaited<ReturnType<typeof load>>

/** Asks AWS about a cluster. */
export function createClusterAuthority(settings: IamSettings & IamCluster): IamAuthority {
  const { cluster, user, dbGroups, autoCreate } = settings
  const name = nameOf(settings)
  return {
    async credentials(database) {
      const action = user === null ? 'GetClusterCredentialsWithIAM' : 'GetClusterCredentials'
      const input = {
        ClusterIdentifier: cluster,
        DurationSeconds: validFor,
        ...(database !== null && { DbName: database }),
      }
      const ofUser = {
        DbUser: user ?? undefined,
        AutoCreate: autoCreate,
        ...(dbGroups.length > 0 && { DbGroups: [...dbGroups] }),
      }
      const said = await ask(settings, action, async (sdk, client) =>
        user === null
          ? client.send(new sdk.GetClusterCredentialsWithIAMCommand(input))
          : client.send(new sdk.GetClusterCredentialsCommand({ ...input, ...ofUser })),
      )
      return checkCredentials(name, {
        user: said.DbUser,
        password: said.DbPassword,
        expiresAt: said.Expiration,
      })
    },

    async endpoint() {
      const { Clusters: [found] = [] } = await ask(settings, 'DescribeClusters', (sdk, client) =>
        client.send(new sdk.DescribeClustersCommand({ ClusterIdentifier: cluster })),
      )
      const { Address: host, Port: port } = found?.Endpoint ?? {}
      return checkEndpoint(name, { host, port, status: found?.ClusterStatus })
    },
  }
}

async function ask<T>(
  settings: IamSettings,
  action: string,
  question: (sdk: Sdk, client: InstanceType<Sdk['RedshiftClient']>) => Promise<T>,
): Promise<T> {
  const sdk = await load()
  const client = new sdk.RedshiftClient(clientSettings(settings))
  try {
    return await question(sdk, client)
  } catch (error) {
    throw explainIamError(error, settings, `redshift:${action}`)
  } finally {
    client.destroy()
  }
}
