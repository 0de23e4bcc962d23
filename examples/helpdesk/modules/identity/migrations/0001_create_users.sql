create table users (
  id uuid primary key default gen_random_uuid(),
  -- Lower case, so that an address has one user.
  email text not null unique check (email = lower(email)),
  name text not null check (name <> ''),
  password_hash text not null,
  -- The role that a user was created for at a start of the platform; null for those who registered.
  seeded_role text,
  created_at timestamptz not null default now()
);
