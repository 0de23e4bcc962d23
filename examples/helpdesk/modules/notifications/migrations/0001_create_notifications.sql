create table notifications (
  id bigint generated always as identity primary key,
  user_id uuid not null,
  kind text not null,
  message text not null,
  -- Where the thing that happened can be read, as a path of this platform.
  link text not null,
  created_at timestamptz not null default now(),
  read_at timestamptz
);

create index notifications_user on notifications (user_id, id);
