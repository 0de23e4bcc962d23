create table replies (
  id integer generated always as identity primary key,
  ticket_id integer not null references tickets (id) on delete cascade,
  author_id uuid not null,
  -- Whether it answers the customer, rather than being the customer's own.
  is_answer boolean not null,
  body text not null,
  written_at timestamptz not null default now()
);

create index replies_ticket on replies (ticket_id, id);
