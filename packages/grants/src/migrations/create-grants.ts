/** Roles, what they allow, and who has which. Applied databases know this text: it must not change. */
export const createGrants = `create table roles (
  name text primary key check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(name) <= 63),
  description text not null default ''
);

create table role_grants (
  role text not null references roles (name) on delete cascade on update cascade,
  -- A permission code, in which * stands for whole segments.
  pattern text not null,
  effect text not null check (effect in ('allow', 'deny')),
  primary key (role, pattern)
);

create table assignments (
  -- The id of whoever signs in, as the module that signs in gives it.
  principal text not null,
  role text not null references roles (name) on update cascade,
  assigned_at timestamptz not null default now(),
  primary key (principal, role)
);

create index assignments_role on assignments (role);

-- The renames of permissions that the grants have followed: each is followed once.
create table renames (
  code text not null,
  successor text not null,
  followed_at timestamptz not null default now(),
  primary key (code, successor)
);
`;
