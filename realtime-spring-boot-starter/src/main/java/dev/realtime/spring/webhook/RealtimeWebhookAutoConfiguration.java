package dev.realtime.spring.webhook;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.SSLContext;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.BundleTls;
import dev.realtime.spring.ConditionalOnConnections;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.NodeId;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.WebhookEvent;
import dev.realtime.spring.WebhookProperties;
import dev.realtime.spring.WebhooksProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Webhooks, where the application sets some. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(Loops.class)
@ConditionalOnConnections
@Conditional(RealtimeWebhookAutoConfiguration.SomeAreSet.class)
@EnableConfigurationProperties(WebhooksProperties.class)
public class RealtimeWebhookAutoConfiguration {

	private static final String TOPIC_EVENTS = "realtime.topic-events.enabled";

	private static final Set<WebhookEvent> OF_TOPICS = Set.of(WebhookEvent.TOPIC_OCCUPIED, WebhookEvent.TOPIC_VACATED);

	private static final Set<WebhookEvent> OF_CLIENTS = Set.of(WebhookEvent.CLIENT_CONNECTED,
			WebhookEvent.CLIENT_DISCONNECTED);

	@Bean(destroyMethod = "stop")
	Webhooks realtimeWebhooks(WebhooksProperties properties, Environment environment,
			ObjectProvider<SslBundles> bundles, Loops loops) {
		Map<@Nullable String, SSLContext> contexts = new HashMap<>();
		properties.all().forEach((name, each) -> {
			requireEvents(name, each, environment);
			String property = WebhooksProperties.NAME + '.' + name + ".ssl-bundle";
			if (each.sslBundle() != null) {
				contexts.computeIfAbsent(each.sslBundle(), (bundle) -> BundleTls.of(property, bundle, bundles));
			}
		});
		Loop loop = loops.loop("realtime-webhooks");
		List<Loop> http = new ArrayList<>();
		List<Webhook> webhooks = new ArrayList<>();
		properties.all().forEach((name, each) -> {
			String prefix = WebhooksProperties.NAME + '.' + name;
			// a lookup that hangs must delay no other webhook, and is no reason to be
			// down
			Loop own = loops.unwatched("realtime-webhooks-http-" + name, each.requests());
			http.add(own);
			webhooks.add(new Webhook(name, prefix, each, new HttpPost(client(own, contexts.get(each.sslBundle())),
					each.uri(prefix), each.timeout(), loop.environment().clock()), loop));
		});
		return new Webhooks(webhooks, loop, http,
				properties.all()
					.values()
					.stream()
					.map(WebhookProperties::shutdownTimeout)
					.reduce(Duration.ZERO, (one, other) -> (one.compareTo(other) > 0) ? one : other));
	}

	/** The node has it as a listener. */
	@Bean
	@Conditional(ClientsAreWanted.class)
	ClientEvents realtimeWebhookClientEvents(Webhooks webhooks, NodeId node, Loops loops) {
		return new ClientEvents(webhooks, node.value(), loops.environment());
	}

	private static void requireEvents(String name, WebhookProperties webhook, Environment environment) {
		boolean enabled = environment.getProperty(TOPIC_EVENTS, Boolean.class, false);
		if (!enabled && webhook.events().stream().anyMatch(OF_TOPICS::contains)) {
			throw new InvalidRealtimePropertyException(TOPIC_EVENTS, false,
					"must be true, because " + WebhooksProperties.NAME + '.' + name + " is told of topics");
		}
	}

	private static HttpClient client(Loop http, @Nullable SSLContext context) {
		HttpClient.Builder builder = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.executor(http);
		if (context != null) {
			builder.sslContext(context);
		}
		return builder.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		WebhookMetrics realtimeWebhookMetrics(Webhooks webhooks) {
			return new WebhookMetrics(webhooks);
		}

	}

	/** Some webhook is told of clients. */
	static final class ClientsAreWanted implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return Binder.get(context.getEnvironment())
				.bind(WebhooksProperties.NAME, Bindable.mapOf(String.class, Told.class))
				.orElseGet(Map::of)
				.values()
				.stream()
				.anyMatch((webhook) -> webhook.events().stream().anyMatch(OF_CLIENTS::contains));
		}

		/** Of the properties of a webhook, those that matter here. */
		record Told(@DefaultValue Set<WebhookEvent> events) {
		}

	}

	/** Some property begins with {@code realtime.webhooks}. */
	static final class SomeAreSet implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return Binder.get(context.getEnvironment())
				.bind(WebhooksProperties.NAME, Bindable.mapOf(String.class, Object.class))
				.isBound();
		}

	}

}
