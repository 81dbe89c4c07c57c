package dev.realtime.spring;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What the engine reads by name: the tables of the durable log, their changelogs, the
 * client that is served to browsers, the inspector's page, and the types whose presence
 * on the class path decides something at run time. Scripts of Redis are text in classes.
 */
final class RealtimeRuntimeHints implements RuntimeHintsRegistrar {

	/** A native image finds a type by its name only if that is registered. */
	static final List<String> TYPES_LOOKED_FOR = List.of("com.github.victools.jsonschema.module.jackson.JacksonModule",
			"com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule",
			"com.sun.management.UnixOperatingSystemMXBean", "com.zaxxer.hikari.HikariDataSource",
			"io.micrometer.core.instrument.MeterRegistry", "io.micrometer.tracing.Tracer",
			"io.netty.channel.epoll.Epoll", "io.netty.handler.codec.haproxy.HAProxyMessageDecoder",
			"jakarta.validation.constraints.NotNull", "org.apache.catalina.util.ServerInfo",
			"org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler", "org.eclipse.jetty.server.HttpStream",
			"org.eclipse.jetty.websocket.api.Session", "org.springframework.security.access.AccessDeniedException",
			"org.springframework.security.core.AuthenticationException",
			"org.springframework.transaction.support.TransactionSynchronizationManager");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern("dev/realtime/log/jdbc/*")
			.registerPattern("dev/realtime/log/jdbc/*/*.sql")
			.registerPattern("META-INF/resources/realtime/*")
			.registerPattern("dev/realtime/spring/actuate/inspector/*");
		hints.reflection()
			.registerTypeIfPresent(classLoader,
					"org.springframework.web.socket.server.support.AbstractHandshakeHandler",
					MemberCategory.INVOKE_DECLARED_METHODS)
			.registerTypeIfPresent(classLoader, "org.springframework.context.event.AbstractApplicationEventMulticaster",
					MemberCategory.INVOKE_DECLARED_METHODS)
			.registerTypeIfPresent(classLoader, "org.springframework.modulith.events.core.ConditionalEventListener",
					MemberCategory.INVOKE_PUBLIC_METHODS)
			.registerTypeIfPresent(classLoader, "dev.realtime.spring.upgrade.TomcatSocket",
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, "org.apache.tomcat.util.net.SocketWrapperBase",
					(type) -> type.withField("socketBufferHandler")
						.withMethod("reset", List.of(TypeReference.of(Object.class)), ExecutableMode.INVOKE));
		for (String type : List.of("ee10.servlet.ServletApiRequest", "ee10.servlet.ServletApiResponse",
				"ee11.servlet.ServletApiRequest", "ee11.servlet.ServletApiResponse")) {
			hints.reflection()
				.registerTypeIfPresent(classLoader, "org.eclipse.jetty." + type, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
		TYPES_LOOKED_FOR.forEach((type) -> hints.reflection().registerTypeIfPresent(classLoader, type));
	}

}
