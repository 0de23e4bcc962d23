-- Every process keeps what users may do in memory. It forgets that when this number has changed, which it does with
-- every change of grants and assignments, also one that somebody makes by hand in SQL.
create table revision (
  only_row boolean primary key default true check (only_row),
  number bigint not null
);

insert into revision (number) values (1);

create function count_change() returns trigger language plpgsql as $$
begin
  update access.revision set number = number + 1;
  return null;
end
$$;

create trigger grants_counted after insert or update or delete or truncate on grants
  for each statement execute function count_change();
create trigger assignments_counted after insert or update or delete or truncate on assignments
  for each statement execute function count_change();
