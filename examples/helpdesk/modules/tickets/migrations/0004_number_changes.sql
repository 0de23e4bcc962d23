-- The transaction that opened or changed a ticket last. Those who follow tickets read them in this order and stop before
-- the oldest transaction that is still under way: by time, one that began early and ended late would be passed over.
alter table tickets add column changed_in xid8 not null default pg_current_xact_id();

create index tickets_changed on tickets (changed_in, id);

create function note_change() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end
$$;

create trigger tickets_noted before update on tickets for each row execute function note_change();
