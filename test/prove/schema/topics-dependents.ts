import type { Topic } from './scene.ts'

/** What others built on views. */
export const dependentTopics: readonly Topic[] = [
  {
    name: 'plain views on views',
    statements: ({ reader }) => [
      'create view other.barrier with (security_barrier) as select id from first.mat where amount > 1',
      'create view other.checked as select id, customer from first.tab where id > 3 with local check option',
      'create view other.cascaded with (check_option = cascaded) as select id from other.checked where id > 4',
      'create view other.chain as select b.id as number, m.customer from other.barrier b join first.mat m using (id)',
      `create recursive view other.numbers (n) as select 1 union all select n + 1 from numbers, (select count(*) as c from first.below) x where n < c`,
      'create view other.stars as select * from first.tab',
      'create view other.both as select m.*, t.note as other_note from first.mat as m left join first.tab t on t.id = m.id',
      'create temp view only_here as select 1 as one',
      `comment on view other.barrier is 'a barrier'`,
      `comment on column other.chain.number is 'counted'`,
      `grant select on other.chain to ${reader} with grant option`,
      `grant select (id) on other.barrier to ${reader}`,
      `alter view other.checked owner to ${reader}`,
      `alter view other.checked alter column customer set default 'nobody'`,
      'create trigger instead instead of insert on other.chain for each row execute function other.touch()',
      `create rule r as on update to other.barrier do instead insert into other.log values (new.id, 'up')`,
      'create view other."Ödd ""view""" as select "id" as "Ödd ""column""" from "Ödd \'schema\'"."Mixed Näme"',
    ],
  },
  {
    name: 'views with the rights of their readers',
    from: 15,
    statements: () => [
      'create view other.invoker with (security_invoker, security_barrier) as select * from first.mat',
    ],
  },
  {
    name: 'a plain view of the folder',
    statements: ({ reader }) => [
      'alter view first.plain set (security_barrier)',
      'alter view first.plain alter column amount set default 7',
      'create trigger instead instead of insert on first.plain for each row execute function other.touch()',
      `create rule logged as on delete to first.plain do instead insert into other.log values (old.id, 'gone')`,
      `grant select (id) on first.plain to ${reader}`,
      'create view other.on_plain as select * from first.plain',
      `comment on trigger instead on first.plain is 'instead'`,
    ],
  },
  {
    name: 'functions that are bound to views',
    statements: ({ reader }) => [
      'create function other.bound(wanted integer) returns numeric stable security definer begin atomic select amount from first.mat where id = wanted; end',
      `comment on function other.bound is 'bound'`,
      `revoke all on function other.bound from public; grant execute on function other.bound to ${reader}`,
      'create procedure other.count_all() begin atomic insert into other.log select count(*), $$all$$ from first.tab; end',
      `create function other.loose() returns text language plpgsql as $$ declare r first.mat%rowtype; begin select * into r from first.mat limit 1; return r.customer; end $$`,
      'create function other.on_chain() returns bigint stable begin atomic select count(*) from first.plain; end',
    ],
  },
  {
    name: 'policies on other tables',
    statements: () => [
      'alter table other.log enable row level security',
      'create policy known on other.log using (exists (select from first.mat where mat.id = log.id)) with check (id in (select id from first.tab))',
      'create policy loose on other.customers for insert with check (name in (select customer from first.below))',
    ],
  },
  {
    name: 'rules on other tables',
    statements: () => [
      'create rule counted as on insert to other.customers do also insert into other.log select id, customer from first.mat where id < 3',
      `create rule "Ödd" as on update to public.orders where new.id in (select id from first.tab) do also insert into other.log values (new.id, $$changed$$)`,
      'alter table public.orders disable rule "Ödd"',
      `comment on rule counted on other.customers is 'counts'`,
    ],
  },
  {
    name: 'foreign keys on other tables',
    statements: () => [
      'alter table first.tab add constraint tab_pkey primary key (id)',
      'alter table other.log add constraint to_tab foreign key (id) references first.tab on delete set null deferrable',
      'alter table other.log add constraint "Not ""yet""" foreign key (id) references first.tab not valid',
      `comment on constraint to_tab on other.log is 'refers'`,
      'alter table other.customers add column tab integer references first.tab (id)',
    ],
  },
  {
    name: 'columns of a row type',
    statements: () => [
      'create table other.kept (id integer, was first.mat, rows first.mat[], tab first.tab)',
      'insert into other.kept select id, m, array[m] from first.mat m limit 3',
      `comment on column other.kept.was is 'as it was'`,
    ],
  },
]
