create table notes (
  id bigint generated always as identity primary key,
  author text not null,
  text text not null
);

create index notes_by_author on notes (author);
