import { describe, expect, test } from 'vitest'
import {
  grantStatements,
  mergeGrants,
  missingGrants,
  parseGrantee,
  type Grant,
  type GranteeKind,
} from '../../../../../src/engine/redshift/statements/grants.ts'

const grant = (kind: GranteeKind, name: string, privilege = 'select', grantable = false): Grant => ({
  grantee: { kind, name },
  privilege,
  grantable,
})

test.each([
  ['joan', { kind: 'user', name: 'joan' }],
  ['Group Analysts', { kind: 'group', name: 'analysts' }],
  ['role  sys:reader', { kind: 'role', name: 'sys:reader' }],
  ['group', { kind: 'user', name: 'group' }],
  ['PUBLIC', { kind: 'public', name: 'public' }],
])('%s', (text, grantee) => {
  expect(parseGrantee(text)).toEqual(grantee)
})

describe('the grants of the next version', () => {
  test('are those of the live one, less what is no longer declared, plus what now is', () => {
    const live = [
      grant('user', 'owner', 'insert'),
      grant('user', 'joan'),
      grant('group', 'g'),
      grant('user', 'joan', 'insert'),
    ]
    expect(mergeGrants(live, 'owner', { now: ['role r', 'group g'], before: ['joan'] })).toEqual([
      grant('group', 'g'),
      grant('user', 'joan', 'insert'),
      grant('role', 'r'),
    ])
  })

  test('a group and a user of one name are two', () => {
    expect(mergeGrants([grant('group', 'joan')], 'owner', { now: ['joan'], before: [] })).toEqual([
      grant('group', 'joan'),
      grant('user', 'joan'),
    ])
  })

  test('with the right to pass it on is more than without', () => {
    const wanted = [grant('user', 'a', 'select', true), grant('user', 'b')]
    const present = [grant('user', 'a'), grant('user', 'b', 'select', true)]
    expect(missingGrants(wanted, present)).toEqual([grant('user', 'a', 'select', true)])
  })
})

test('one statement for each grantee', () => {
  const grants = [
    grant('user', 'Tag', 'select'),
    grant('user', 'Tag', 'insert'),
    grant('user', 'joan', 'select', true),
    grant('role', 'r', 'select'),
    grant('group', 'g', 'select', true),
    grant('public', 'public'),
  ]
  expect(grantStatements('a.b', grants)).toEqual([
    'grant select, insert on table a.b to "Tag"',
    'grant select on table a.b to joan with grant option',
    'grant select on table a.b to role r',
    'grant select on table a.b to group g',
    'grant select on table a.b to public',
  ])
})
