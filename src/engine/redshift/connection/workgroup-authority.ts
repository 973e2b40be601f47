import { clientSettings } from '../../../aws/client-settings.ts'
import { loadClient } from '../../../aws/load-client.ts'
import type { IamSettings, IamWorkgroup } from '../../../project/aws-settings.ts'
import { checkCredentials, checkEndpoint, validFor, type IamAuthority } from './iam-authority.ts'
import { explainIamError, nameOf } from './iam-error.ts'

const packages = ['@aws-sdk/client-redshift-serverless']
const load = () => loadClient(packages, () => import('@aws-sdk/client-redshift-serverless'))
type Sdk = Awaited<ReturnType<typeof load>>

/** Asks AWS about a workgroup of Redshift Serverless. */
export function createWorkgroupAuthority(settings: IamSettings & IamWorkgroup): IamAuthority {
  const { workgroup: workgroupName } = settings
  const name = nameOf(settings)
  return {
    async credentials(database) {
      const input = {
        workgroupName,
        durationSeconds: validFor,
        ...(database !== null && { dbName: database }),
      }
      const said = await ask(settings, 'GetCredentials', (sdk, client) =>
        client.send(new sdk.GetCredentialsCommand(input)),
      )
      return checkCredentials(name, {
        user: said.dbUser,
        password: said.dbPassword,
        expiresAt: said.expiration,
      })
    },

    async endpoint() {
      const { workgroup } = await ask(settings, 'GetWorkgroup', (sdk, client) =>
        client.send(new sdk.GetWorkgroupCommand({ workgroupName })),
      )
      const { address: host, port } = workgroup?.endpoint ?? {}
      return checkEndpoint(name, { host, port, status: workgroup?.status })
    },
  }
}

async function ask<T>(
  settings: IamSettings,
  action: string,
  question: (sdk: Sdk, client: InstanceType<Sdk['RedshiftServerlessClient']>) => Promise<T>,
): Promise<T> {
  const sdk = await load()
  const client = new sdk.RedshiftServerlessClient(clientSettings(settings))
  try {
    return await question(sdk, client)
  } catch (error) {
    throw explainIamError(error, settings, `redshift-serverless:${action}`)
  } finally {
    client.destroy()
  }
}
