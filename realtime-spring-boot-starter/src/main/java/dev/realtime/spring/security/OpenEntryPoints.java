package dev.realtime.spring.security;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.realtime.spring.RealtimeProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Logs at startup which entry points are open without an explicit decision. */
final class OpenEntryPoints implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(OpenEntryPoints.class);

	private static final boolean TOMCAT = ClassUtils.isPresent("org.apache.catalina.util.ServerInfo",
			OpenEntryPoints.class.getClassLoader());

	private static final String SAME_SITE = "server.servlet.session.cookie.same-site";

	private static final Set<String> SAFE_SAME_SITE = Set.of("lax", "strict");

	private static final Set<String> ALL_ORIGINS = Set.of("*", "*://*", "http*://*", "https://*", "http://*");

	private static final String OURS = "dev.realtime.spring.";

	private final TopicAuthorization topics;

	private final AnonymousAccess anonymous;

	private final InboundInterceptors interceptors;

	private final RealtimeProperties properties;

	private final Environment environment;

	OpenEntryPoints(TopicAuthorization topics, AnonymousAccess anonymous, InboundInterceptors interceptors,
			RealtimeProperties properties, Environment environment) {
		this.environment = environment;
		this.topics = topics;
		this.anonymous = anonymous;
		this.interceptors = interceptors;
		this.properties = properties;
	}

	@Override
	public void afterSingletonsInstantiated() {
		topics();
		if (TOMCAT && TomcatVersion.isOutdated(TomcatVersion.current())) {
			logger.warn(
					"Tomcat {} has CVE-2026-76183 and CVE-2026-79677: set the property tomcat.version of your build to "
							+ "10.1.60 or later, or 11.0.26 or later",
					TomcatVersion.current());
		}
		String sameSite = this.environment.getProperty(SAME_SITE, "none");
		if (ALL_ORIGINS.stream().anyMatch(this.properties.allowedOrigins()::contains)
				&& !SAFE_SAME_SITE.contains(sameSite.toLowerCase(Locale.ROOT))) {
			logger.warn(
					"Pages of all origins may connect (realtime.allowed-origins={}), with the session cookies of "
							+ "their visitors: list the origins of your own pages, or set {}=lax or strict",
					String.join(",", this.properties.allowedOrigins()), SAME_SITE);
		}
	}

	private void topics() {
		boolean everybody = this.anonymous.isOpen();
		if (!this.topics.isOpen() || this.interceptors.authorize()) {
			unknownRules();
		}
		else if (this.properties.unknownTopics() == null && !this.topics.refusesUnknown()) {
			openTopics(everybody ? "every client, logged in or not," : "every client that is logged in");
			return;
		}
		if (everybody && !this.anonymous.isDecided()) {
			logger.warn("Clients may connect without authentication, because the application has neither Spring "
					+ "Security nor a ConnectAuthenticator. Add one of them, or set "
					+ "realtime.security.anonymous=true to allow this without a warning");
		}
	}

	private void unknownRules() {
		if (this.topics.isOpen() && this.properties.http().enabled()) {
			logger.error("Topics cannot be read over HTTP: Spring Security authorizes what clients send over "
					+ "STOMP, but its AuthorizationManager<Message<?>> is not a bean. Declare it as a bean, or "
					+ "declare a TopicAccess bean");
		}
	}

	private void openTopics(String clients) {
		List<String> others = this.interceptors.ofApplication(OURS);
		if (others.isEmpty()) {
			logger.warn("Topics are open: {} may subscribe to each of them and read its history and its members. "
					+ "Restrict this with realtime.topics.<name>.read or realtime.topic-defaults.read, with "
					+ "Spring Security's message rules, or with a TopicAccess bean; "
					+ "realtime.unknown-topics=allow keeps them open without this warning", clients);
		}
		for (String interceptor : others) {
			logger.warn("Messages and presence can be read over HTTP by all clients that HTTP security admits, "
					+ "and through wildcard subscriptions, but {} may refuse subscriptions. Restrict reading "
					+ "with realtime.topics.<name>.read or a TopicAccess bean", interceptor);
		}
	}

}
