create table tickets (
  id integer generated always as identity primary key,
  subject text not null,
  body text not null,
  -- open: waits for us; answered: waits for the customer; closed.
  state text not null default 'open' check (state in ('open', 'answered', 'closed')),
  customer_id uuid not null,
  assignee_id uuid,
  opened_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  first_answered_at timestamptz,
  first_answered_by uuid,
  closed_at timestamptz,
  closed_by uuid,
  check ((state = 'closed') = (closed_at is not null)),
  check ((first_answered_at is null) = (first_answered_by is null))
);

create index tickets_customer on tickets (customer_id, id);
create index tickets_assignee on tickets (assignee_id, id);
create index tickets_state on tickets (state, id);
create index tickets_opened on tickets (opened_at);
