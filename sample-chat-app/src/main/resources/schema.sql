-- What the starter does not keep itself; a real service migrates its schema with Flyway or Liquibase.
create table if not exists push_subscription (
  endpoint varchar(1000) primary key,
  user_name varchar(64) not null,
  p256dh varchar(100) not null,
  auth varchar(30) not null,
  seen bigint not null
);
create index if not exists push_subscription_of_user on push_subscription (user_name, seen);
create table if not exists push_keys (
  id integer primary key,
  public_key varchar(100) not null,
  private_key varchar(60) not null
);
