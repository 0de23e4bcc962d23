create table articles (
  id integer generated always as identity primary key,
  -- The article in an address: /articles/reset-your-password. Never changes, so that links stay.
  slug text not null unique check (slug <> ''),
  title text not null,
  body text not null,
  author_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Null for a draft.
  published_at timestamptz,
  words tsvector not null generated always as (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')
  ) stored
);

create index articles_words on articles using gin (words);
