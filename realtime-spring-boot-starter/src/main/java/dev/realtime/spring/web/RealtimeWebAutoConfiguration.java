package dev.realtime.spring.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.loop.Loops;
import dev.realtime.log.BoundedReads;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.Presence;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.AmountLimitsProperties;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.asyncapi.AsyncApiDocument;
import dev.realtime.spring.asyncapi.RealtimeAsyncApiAutoConfiguration;
import dev.realtime.spring.publisher.JsonConverter;
import dev.realtime.spring.publisher.TopicPublisherAutoConfiguration;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.spring.snapshot.SnapshotProvider;
import dev.realtime.spring.ticket.RealtimeTicketAutoConfiguration;
import dev.realtime.spring.ticket.Tickets;
import dev.realtime.spring.unread.RealtimeUnreadAutoConfiguration;
import dev.realtime.spring.unread.UserUnread;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/** Auto-configuration of backfill, snapshots, presence and unread counts over HTTP. */
@AutoConfiguration(after = { TopicAccessAutoConfiguration.class, RealtimeTicketAutoConfiguration.class,
		RealtimeUnreadAutoConfiguration.class, TopicPublisherAutoConfiguration.class,
		RealtimeAsyncApiAutoConfiguration.class }, afterName = "dev.realtime.spring.RealtimeAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnProperty(name = { "realtime.enabled", "realtime.http.enabled" }, matchIfMissing = true)
@ConditionalOnBean({ TopicPolicies.class, TopicAuthorization.class })
@EnableConfigurationProperties({ RealtimeProperties.class, AmountLimitsProperties.class })
@Import(ContainerResponseConfiguration.class)
public class RealtimeWebAutoConfiguration {

	/** Before the application's own mappings, which may take every path. */
	static final int ORDER = -1;

	private static final String READS = "realtimeClientReads";

	private static final ClassPathResource SCRIPTS = new ClassPathResource("META-INF/resources/realtime/");

	/** No bean of type Executor, which would take the place of the application's own. */
	@Bean
	DocumentWriters realtimeDocumentWriters(ObjectProvider<Loops> loops) {
		return new DocumentWriters(loops.getIfAvailable(Loops::new));
	}

	/** What clients read passes the bound of the node, where there is one. */
	@Bean(name = READS, defaultCandidate = false)
	@ConditionalOnBean(Broker.class)
	BoundedReads realtimeClientReads(ObjectProvider<RealtimeNode> node, AmountLimitsProperties amounts) {
		RealtimeNode known = node.getIfAvailable();
		return (known != null) ? known.hub().clientReads()
				: new BoundedReads(amounts.logReads(), amounts.logReadsWaiting());
	}

	@Bean
	@ConditionalOnBean(Broker.class)
	TopicMessagesResource realtimeMessagesResource(Broker broker, TopicPolicies policies, TopicAuthorization access,
			RealtimeProperties properties, DocumentWriters writers, @Qualifier(READS) BoundedReads reads) {
		return new TopicMessagesResource(reads.of(broker.log()), policies, access, properties, writers.executor());
	}

	@Bean
	@ConditionalOnBean({ Presence.class, Broker.class })
	TopicPresenceResource realtimePresenceResource(Presence presence, Broker broker, TopicPolicies policies,
			TopicAuthorization access, RealtimeProperties properties, DocumentWriters writers,
			@Qualifier(READS) BoundedReads reads) {
		return new TopicPresenceResource(presence, reads, broker.log(), policies, access, properties.http(),
				writers.executor());
	}

	@Bean
	@ConditionalOnBean({ Broker.class, JsonConverter.class })
	TopicSnapshotResource realtimeSnapshotResource(Broker broker, TopicPolicies policies, TopicAuthorization access,
			ObjectProvider<SnapshotProvider<?>> providers, JsonConverter converter, RealtimeProperties properties,
			@Qualifier(READS) BoundedReads reads) {
		return new TopicSnapshotResource(reads.of(broker.log()), policies, access, providers.orderedStream().toList(),
				converter, properties.limits().subscribeTimeout());
	}

	@Bean
	@ConditionalOnBean(Broker.class)
	TopicUnreadResource realtimeUnreadResource(ObjectProvider<UserUnread> unread, DocumentWriters writers) {
		return new TopicUnreadResource(unread.getIfAvailable(), writers.executor());
	}

	@Bean
	@ConditionalOnBean(Tickets.class)
	TicketResource realtimeTicketResource(Tickets tickets, DocumentWriters writers) {
		return new TicketResource(tickets, writers.executor());
	}

	@Bean
	@ConditionalOnBean(AsyncApiDocument.class)
	AsyncApiResource realtimeAsyncApiResource(AsyncApiDocument document, RealtimeProperties properties,
			DocumentWriters writers) {
		return new AsyncApiResource(document, writers.loop(), properties.http().path());
	}

	@Bean
	@ConditionalOnMissingBean(name = "realtimeResourceMapping")
	SimpleUrlHandlerMapping realtimeResourceMapping(ObjectProvider<HttpResource.Provider> providers,
			ObjectProvider<WebMvcConfigurer> configurers, RealtimeProperties properties, DocumentWriters writers,
			@Qualifier("realtimeClientScript") ResourceHttpRequestHandler script, ObjectProvider<RealtimeNode> node,
			ObjectProvider<SessionDoor> doors, ObjectProvider<Rates> rates,
			ObjectProvider<AddressConnections> addresses) {
		// A node without the door must not start.
		SessionDoor door = (node.getIfAvailable() != null) ? doors.getObject() : doors.getIfAvailable();
		Rates limits = (node.getIfAvailable() != null) ? rates.getObject() : rates.getIfAvailable();
		String path = properties.http().path();
		Map<String, Object> handlers = new LinkedHashMap<>();
		providers.orderedStream().flatMap((provider) -> provider.resources().stream()).forEach((resource) -> {
			Object handler = new ResourceRequestHandler(resource, door, limits, writers.loop(),
					properties.limits().subscribeTimeout(), properties.http().readTimeout(),
					properties.limits().writeTimeout(), addresses.getIfAvailable());
			resource.paths().forEach((each) -> handlers.put(path + each, handler));
		});
		if (SCRIPTS.createRelative("realtime-client.js").exists()) {
			handlers.put(path + "/{script:realtime-client\\.js}", script);
		}
		SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(handlers, ORDER);
		mapping.setInterceptors(ApplicationMvc.interceptors(configurers));
		mapping.setCorsConfigurations(ApplicationMvc.cors(configurers));
		return mapping;
	}

	/** The JavaScript client, wherever the application has its own static files. */
	@Bean(defaultCandidate = false)
	ResourceHttpRequestHandler realtimeClientScript() {
		ResourceHttpRequestHandler handler = new ResourceHttpRequestHandler();
		handler.setLocations(List.of(SCRIPTS));
		return handler;
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
