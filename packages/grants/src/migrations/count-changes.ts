/** A number that grows with each change. Applied databases know this text: it must not change. */
export const countChanges = `-- Every process keeps all of this in memory and reads again what has changed when this number has. A transaction that
-- changes anything counts once, also one that somebody makes by hand, and whoever listens is told when it is committed.
-- The row is also the lock that lets one transaction after another make changes.
create table revision (
  only_row boolean primary key default true check (only_row),
  number bigint not null,
  -- Since this number it is not known whose assignments have changed.
  unknown_since bigint not null
);

insert into revision (number, unknown_since) values (1, 0);

-- Whoever has ever been given a role, and the number of the last change of it.
create table principals (
  id text primary key,
  revision bigint not null
);

create index principals_revision on principals (revision);

-- The setting lasts as long as the transaction, and is taken back with a savepoint as the count itself is.
create function count_change() returns bigint language plpgsql as $$
declare
  counted bigint := nullif(current_setting('plinth.grants_revision', true), '')::bigint;
begin
  if counted is null then
    update grants.revision set number = number + 1 returning number into counted;
    perform set_config('plinth.grants_revision', counted::text, true);
    perform pg_notify('plinth_grants', counted::text);
  end if;
  return counted;
end
$$;

create function note_change() returns trigger language plpgsql as $$
begin
  perform grants.count_change();
  return null;
end
$$;

create function note_assignment() returns trigger language plpgsql as $$
declare
  counted bigint := grants.count_change();
begin
  insert into grants.principals as known (id, revision)
  select distinct id, counted from unnest(array[old.principal, new.principal]) as id where id is not null
  on conflict (id) do update set revision = excluded.revision;
  return null;
end
$$;

create function note_truncation() returns trigger language plpgsql as $$
begin
  perform grants.count_change();
  update grants.revision set unknown_since = number;
  return null;
end
$$;

create trigger roles_noted after insert or update or delete on roles
  for each row execute function note_change();
create trigger role_grants_noted after insert or update or delete on role_grants
  for each row execute function note_change();
create trigger role_grants_truncated after truncate on role_grants
  for each statement execute function note_change();
create trigger assignments_noted after insert or update or delete on assignments
  for each row execute function note_assignment();
create trigger assignments_truncated after truncate on assignments
  for each statement execute function note_truncation();
`;
