-- How soon a ticket must be answered first, and closed, by how urgent it is. In milliseconds from its opening.
create table targets (
  priority text primary key check (priority in ('low', 'normal', 'high', 'urgent')),
  answer_ms bigint not null check (answer_ms > 0),
  close_ms bigint not null check (close_ms > 0)
);

insert into targets (priority, answer_ms, close_ms) values
  ('low', 86400000, 1209600000),
  ('normal', 28800000, 432000000),
  ('high', 14400000, 172800000),
  ('urgent', 3600000, 28800000);
