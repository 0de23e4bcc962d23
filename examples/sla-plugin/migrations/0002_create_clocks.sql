-- What is known of each ticket. Deadlines follow from it and from the targets, so that they need not be kept.
create table clocks (
  reference text primary key,
  subject text not null,
  customer_id text not null,
  assignee_id text,
  priority text not null default 'normal' references targets (priority),
  opened_at timestamptz not null,
  first_answered_at timestamptz,
  closed_at timestamptz
);

create index clocks_unanswered on clocks (opened_at) where first_answered_at is null and closed_at is null;
create index clocks_open on clocks (opened_at) where closed_at is null;

-- How far the tickets have been followed.
create table followed (
  only_row boolean primary key default true check (only_row),
  position text not null
);

-- Deadlines that passed before what they were for was done. Each is found once, and stays.
create table breaches (
  reference text not null references clocks (reference) on delete cascade,
  kind text not null check (kind in ('answer', 'close')),
  due_at timestamptz not null,
  found_at timestamptz not null default now(),
  primary key (reference, kind)
);

create index breaches_found on breaches (found_at);

create view deadlines as
  select reference, subject, customer_id, assignee_id, priority, opened_at, kind, due_at, done_at
  from clocks
  join targets using (priority)
  cross join lateral (values
    ('answer', opened_at + answer_ms * interval '1 millisecond', coalesce(first_answered_at, closed_at)),
    ('close', opened_at + close_ms * interval '1 millisecond', closed_at)
  ) as deadline (kind, due_at, done_at);
