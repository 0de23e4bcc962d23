-- The roles that the helpdesk begins with. They are kept by the platform, whose tables are migrated first.
insert into grants.roles (name, description) values
  ('admin', 'Runs the helpdesk and may do everything.'),
  ('agent', 'Answers tickets and writes articles.'),
  ('customer', 'Asks for help.'),
  ('suspended', 'May do nothing that needs a permission, whatever other roles allow.');

insert into grants.role_grants (role, pattern, effect) values
  ('admin', '*', 'allow'),
  ('agent', 'tickets.*', 'allow'),
  ('agent', 'knowledge.*', 'allow'),
  ('agent', 'reports.*', 'allow'),
  ('agent', 'identity.user.list', 'allow'),
  ('customer', 'tickets.ticket.open', 'allow'),
  ('customer', 'tickets.ticket.read', 'allow'),
  ('customer', 'tickets.ticket.reply', 'allow'),
  ('customer', 'tickets.ticket.reopen', 'allow'),
  ('suspended', '*', 'deny');
