package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * The files that the engine reads by name: the tables of the durable log, their
 * changelogs, and the client that is served to browsers.
 */
final class RealtimeRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("dev/realtime/log/jdbc/*")
			.registerPattern("dev/realtime/log/jdbc/*/*.sql")
			.registerPattern("META-INF/resources/realtime/*");
	}

}
