create table roles (
  name text primary key check (name ~ '^[a-z][a-z0-9-]*$'),
  description text not null
);

create table grants (
  role text not null references roles (name) on delete cascade,
  -- A permission code, in which * stands for whole segments.
  pattern text not null,
  effect text not null check (effect in ('allow', 'deny')),
  primary key (role, pattern)
);

create table assignments (
  user_id uuid not null,
  role text not null references roles (name),
  assigned_at timestamptz not null default now(),
  primary key (user_id, role)
);

create index assignments_role on assignments (role);
