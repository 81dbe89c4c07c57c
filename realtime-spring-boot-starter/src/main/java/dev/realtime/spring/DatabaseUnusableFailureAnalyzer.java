package dev.realtime.spring;

import dev.realtime.broker.jdbc.DatabaseUnusableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the durable log finds no database, or no tables in it. */
class DatabaseUnusableFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseUnusableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DatabaseUnusableException cause) {
		return new FailureAnalysis("Realtime could not start its durable log. " + cause.getMessage(),
				"Check that the database of spring.datasource.url exists and accepts connections. If only the "
						+ "tables realtime_* are missing, set realtime.jdbc.initialize-schema=always, or run the "
						+ "migration on the class path below dev/realtime/log/jdbc.",
				cause);
	}

}
