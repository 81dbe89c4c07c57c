package dev.realtime.spring.web;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.publisher.JsonConverter;
import dev.realtime.spring.publisher.TopicPublisherAutoConfiguration;
import dev.realtime.spring.security.TopicAccess;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.spring.snapshot.SnapshotProvider;
import dev.realtime.spring.unread.RealtimeUnreadAutoConfiguration;
import dev.realtime.spring.unread.UserUnread;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Auto-configuration of backfill, snapshots, presence and unread counts over HTTP. */
@AutoConfiguration(after = { TopicAccessAutoConfiguration.class, RealtimeUnreadAutoConfiguration.class,
		TopicPublisherAutoConfiguration.class }, afterName = "dev.realtime.spring.RealtimeAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnProperty(name = { "realtime.enabled", "realtime.http.enabled" }, matchIfMissing = true)
@ConditionalOnBean({ TopicPolicies.class, TopicAccess.class })
@EnableConfigurationProperties(RealtimeProperties.class)
public class RealtimeWebAutoConfiguration {

	/** No bean of type Executor, which would take the place of the application's own. */
	@Bean
	DocumentWriters realtimeDocumentWriters(ObjectProvider<Loops> loops) {
		return new DocumentWriters(loops.getIfAvailable(Loops::new));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Broker.class)
	TopicMessagesController topicMessagesController(Broker broker, TopicPolicies policies, TopicAccess access,
			ObjectProvider<Destinations> destinations, RealtimeProperties properties, DocumentWriters writers) {
		return new TopicMessagesController(broker.log(), policies, access, of(destinations), properties,
				writers.executor());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ Presence.class, Broker.class })
	TopicPresenceController topicPresenceController(Presence presence, Broker broker, TopicPolicies policies,
			TopicAccess access, ObjectProvider<Destinations> destinations, RealtimeProperties properties,
			DocumentWriters writers) {
		return new TopicPresenceController(presence, broker.log(), policies, access, of(destinations),
				properties.http(), writers.executor());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ Broker.class, JsonConverter.class })
	TopicSnapshotController topicSnapshotController(Broker broker, TopicPolicies policies, TopicAccess access,
			ObjectProvider<Destinations> destinations, ObjectProvider<SnapshotProvider<?>> providers,
			JsonConverter converter, RealtimeProperties properties) {
		return new TopicSnapshotController(broker.log(), policies, access, of(destinations),
				providers.orderedStream().toList(), converter, properties.limits().subscribeTimeout());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Broker.class)
	TopicUnreadController topicUnreadController(ObjectProvider<UserUnread> unread, RealtimeProperties properties,
			DocumentWriters writers) {
		return new TopicUnreadController(unread.getIfAvailable(), properties.http().readTimeout(), writers.executor());
	}

	private static Destinations of(ObjectProvider<Destinations> destinations) {
		return destinations.getIfAvailable(() -> new Destinations(() -> "/user/"));
	}

	/** Pages of the origins that may connect may also read. */
	@Bean
	@ConditionalOnMissingBean(name = "realtimeCorsConfigurer")
	WebMvcConfigurer realtimeCorsConfigurer(RealtimeProperties properties) {
		return new WebMvcConfigurer() {
			@Override
			public void addCorsMappings(CorsRegistry registry) {
				if (!properties.allowedOrigins().isEmpty()) {
					registry.addMapping(properties.http().path() + "/**")
						.allowedOriginPatterns(properties.allowedOrigins().toArray(String[]::new))
						.allowedMethods("GET", "POST")
						.allowCredentials(true);
				}
			}
		};
	}

}
