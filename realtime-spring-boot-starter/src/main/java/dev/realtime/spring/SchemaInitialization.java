package dev.realtime.spring;

/** When the tables of the durable log are created. */
public enum SchemaInitialization {

	/** At the start, in a database in memory only. */
	EMBEDDED,

	/** At each start. */
	ALWAYS,

	/** Never by this application's start; Flyway or Liquibase does it. */
	NEVER

}
