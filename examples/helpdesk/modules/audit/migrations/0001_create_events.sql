create table events (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default now(),
  -- The module that recorded it.
  module text not null,
  action text not null check (action <> ''),
  -- Nobody (null) for what happened without somebody signed in. The name is the one of that time.
  actor_id uuid,
  actor_name text,
  subject_type text not null,
  subject_id text not null,
  details jsonb not null default '{}'
);

create index events_subject on events (subject_type, subject_id, id);
create index events_actor on events (actor_id, id);

-- The trail can be added to and read, and nothing else, by the code of this platform too.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger events_append_only before update or delete on events
  for each row execute function refuse_change();
create trigger events_not_truncated before truncate on events
  for each statement execute function refuse_change();
