package dev.realtime.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import dev.realtime.TopicPolicy;
import dev.realtime.hub.HubOptions;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/**
 * Everything under {@code realtime.*}. Bounds are checked when the application starts.
 *
 * @param enabled whether this application is a realtime node
 * @param endpoint path of the STOMP endpoint, such as /realtime
 * @param allowedOrigins origin patterns, such as https://*.example.com, whose pages may
 * connect and read over HTTP; none means pages of the same origin only
 * @param broker where messages are numbered, kept and relayed; auto takes Redis when the
 * application has a RedisConnectionFactory, else memory (one node); jdbc is the
 * application's own database, and with PostgreSQL a fleet without any other server
 * @param log where durable topics are numbered and kept: broker means where the broker
 * keeps all topics, jdbc the application's own database
 * @param sequence what numbers durable topics: log (a row of the database, locked until
 * the transaction ends) or redis (a counter, so that many transactions can publish on one
 * topic at the same time)
 * @param nodeId name of this node, unique in the fleet, 1 to 64 characters of A-Z a-z 0-9
 * . _ -; random when not set
 * @param shards number of delivery shards (threads); 0 means one for every second core
 * @param unknownTopics what clients may do on topics that no access rule names; by
 * default such topics are refused as soon as there is a rule, and are open where there is
 * none. A TopicAccess bean and message rules decide about them in any case but refuse
 * @param topics topic policies by a name of your choice; the first whose pattern matches
 * a topic, in order of declaration, decides
 */
@ConfigurationProperties("realtime")
public record RealtimeProperties(@DefaultValue("true") boolean enabled, @DefaultValue("/realtime") String endpoint,
		@DefaultValue List<String> allowedOrigins, @DefaultValue("auto") BrokerKind broker,
		@DefaultValue("broker") LogKind log, @DefaultValue("log") SequenceKind sequence, @Nullable String nodeId,
		@DefaultValue("0") int shards, @NestedConfigurationProperty @DefaultValue HeartbeatProperties heartbeat,
		@NestedConfigurationProperty @DefaultValue RedisProperties redis, @DefaultValue Publish publish,
		@DefaultValue Recovery recovery, @DefaultValue Repair repair,
		@NestedConfigurationProperty @DefaultValue QueueProperties queue,
		@NestedConfigurationProperty @DefaultValue LimitsProperties limits,
		@NestedConfigurationProperty @DefaultValue RatesProperties rates,
		@NestedConfigurationProperty @DefaultValue PresenceProperties presence,
		@NestedConfigurationProperty @DefaultValue UserRegistryProperties userRegistry, @DefaultValue Drain drain,
		@DefaultValue Http http, @NestedConfigurationProperty @DefaultValue BreakerProperties breaker,
		@NestedConfigurationProperty @DefaultValue JdbcProperties jdbc,
		@NestedConfigurationProperty @DefaultValue UnreadProperties unread,
		@NestedConfigurationProperty @DefaultValue SignalProperties signals,
		@NestedConfigurationProperty @DefaultValue TypingProperties typing,
		@NestedConfigurationProperty @DefaultValue ServletProperties servlet,
		@NestedConfigurationProperty @DefaultValue NettyProperties netty,
		@NestedConfigurationProperty @DefaultValue ConnectRules security,
		@NestedConfigurationProperty @DefaultValue SessionsProperties sessions,
		@NestedConfigurationProperty @DefaultValue AuditProperties audit,
		@NestedConfigurationProperty @DefaultValue InspectorProperties inspector, @Nullable UnknownTopics unknownTopics,
		@NestedConfigurationProperty @DefaultValue TopicDefaults topicDefaults,
		@DefaultValue Map<String, TopicRule> topics) {

	private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	public RealtimeProperties {
		allowedOrigins = List.copyOf(allowedOrigins);
		checkPath("realtime.endpoint", endpoint);
		PropertyBounds.check(nodeId == null || NODE_ID.matcher(nodeId).matches(), "realtime.node-id", nodeId,
				"must be 1 to 64 characters of A-Z a-z 0-9 . _ -");
		PropertyBounds.range("realtime.shards", shards, 0, 1_024);
		topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
		topics.forEach((name, rule) -> rule.check("realtime.topics." + name));
		TopicPolicy defaults = topicDefaults.policy();
		topics.forEach((name, rule) -> rule.checkRate("realtime.topics." + name, defaults));
		PropertyBounds.check(redis.shards() == null || broker == BrokerKind.AUTO || broker == BrokerKind.REDIS,
				"realtime.broker", broker.name().toLowerCase(Locale.ROOT),
				"must be redis or left out with realtime.redis.shards, because topics are on those servers");
		if (broker != BrokerKind.JDBC) {
			checkNumberingOutlivesHistory(redis, log, topicDefaults, topics);
		}
	}

	/**
	 * Returns which clients may do what: the rules in order, and the defaults as the last
	 * one.
	 * @param authorities whether users have authorities that a rule can ask for
	 * @throws InvalidRealtimePropertyException when a rule asks for authorities that
	 * users do not have
	 */
	public List<AccessRule> accessRules(boolean authorities) {
		AccessRule defaults = this.topicDefaults.access();
		Map<String, AccessRule> rules = new LinkedHashMap<>();
		this.topics.forEach((name, rule) -> {
			String prefix = "realtime.topics." + name;
			rules.put(prefix, rule.access(prefix, defaults));
		});
		rules.put(TopicDefaults.PREFIX, defaults);
		rules.forEach((prefix, rule) -> PropertyBounds.check(authorities || !rule.asksForAuthorities(), prefix, rule,
				"asks for a role or an authority, which users have only with Spring Security"));
		return List.copyOf(rules.values());
	}

	/** Whether some topics are kept in the application's own database. */
	public boolean usesDatabase() {
		return this.log == LogKind.JDBC || this.broker == BrokerKind.JDBC;
	}

	/** How many delivery shards to start: never 0. */
	public int effectiveShards() {
		return (this.shards > 0) ? this.shards : HubOptions.DEFAULT.shards();
	}

	/**
	 * A log whose numbering is gone is gone too. A durable one keeps its own numbering.
	 */
	private static void checkNumberingOutlivesHistory(RedisProperties redis, LogKind log, TopicDefaults defaults,
			Map<String, TopicRule> topics) {
		List<TopicPolicy> policies = new ArrayList<>(List.of(defaults.policy()));
		topics.values().forEach((rule) -> policies.add(rule.policy(defaults.policy())));
		Duration longest = policies.stream()
			.filter((policy) -> log == LogKind.BROKER || !policy.durable())
			.map(TopicPolicy::historyTime)
			.reduce(Duration.ZERO, (one, other) -> (one.compareTo(other) >= 0) ? one : other);
		PropertyBounds.atLeast("realtime.redis.numbering-ttl", redis.numberingTtl(), longest,
				"must not be shorter than the longest history-time, which is " + PropertyBounds.text(longest));
	}

	private static void checkPath(String property, String path) {
		PropertyBounds.check(PATH.matcher(path).matches(), property, path,
				"must start with / and not end with it, such as /realtime");
	}

	/** Where messages are numbered, kept and relayed. */
	public enum BrokerKind {

		/** Redis when the application has a RedisConnectionFactory, else memory. */
		AUTO,

		/** This node alone; nothing survives a restart. */
		MEMORY,

		/** The fleet of all nodes that share a Redis. */
		REDIS,

		/**
		 * The application's own database and no other server: the fleet of all nodes that
		 * share a PostgreSQL; with another database this node alone.
		 */
		JDBC

	}

	/** Where durable topics are numbered and kept. */
	public enum LogKind {

		/** Where the broker keeps all topics. */
		BROKER,

		/**
		 * In the application's own database: a message is published if and only if the
		 * transaction that wrote it commits.
		 */
		JDBC

	}

	/** What clients may do on topics that no access rule names. */
	public enum UnknownTopics {

		/** Nothing. */
		REFUSE,

		/** Everything that the application's TopicAccess or message rules do not deny. */
		ALLOW

	}

	/** What numbers durable topics. */
	public enum SequenceKind {

		/** The log: numbers have no holes, and publications on a topic wait in line. */
		LOG,

		/** A counter in Redis; while it is away the log numbers. */
		REDIS

	}

	/**
	 * Publishing.
	 *
	 * @param maxPayload largest payload that may be published
	 * @param waitTime how long a publisher that waits for its receipt does so
	 * @param maxInFlight how many publications may be without a receipt at once on this
	 * node; more are refused
	 * @param fullWait how long a publisher may be made to wait for room when so many are;
	 * 0 means that it is refused at once
	 * @param clientHeaders the headers of clients' SENDs that subscribers get, beside id,
	 * type and content type; compared without case
	 * @param maxInFlightPerConnection how many publications under way one connection's
	 * SENDs may be
	 * @param maxInFlightPerUser how many of those SENDs of all connections of one user
	 * may be, or of clients without a user that have the same address
	 * @param clientJourneys whether a client's SEND may ask with the header
	 * {@code realtime-trace: true} that each node notes when its message reached which
	 * stage
	 */
	public record Publish(@DefaultValue("64KB") DataSize maxPayload,
			@Name("wait") @DefaultValue("5s") Duration waitTime, @DefaultValue("10000") int maxInFlight,
			@DefaultValue("0s") Duration fullWait, @DefaultValue List<String> clientHeaders,
			@DefaultValue("250") int maxInFlightPerConnection, @DefaultValue("1000") int maxInFlightPerUser,
			@DefaultValue("false") boolean clientJourneys) {

		public Publish {
			clientHeaders = List.copyOf(clientHeaders);
			PropertyBounds.size("realtime.publish.max-payload", maxPayload, 1);
			PropertyBounds.positive("realtime.publish.wait", waitTime);
			PropertyBounds.range("realtime.publish.max-in-flight", maxInFlight, 1, 10_000_000);
			PropertyBounds.positiveOrZero("realtime.publish.full-wait", fullWait);
			PropertyBounds.range("realtime.publish.max-in-flight-per-connection", maxInFlightPerConnection, 1,
					10_000_000);
			PropertyBounds.range("realtime.publish.max-in-flight-per-user", maxInFlightPerUser, 1, 10_000_000);
		}

	}

	/**
	 * Replay when a client subscribes.
	 *
	 * @param maxMessages most messages that one recovery replays; a client that lacks
	 * more is told too-many
	 * @param pageSize how many messages are read from the log at once, for recovery and
	 * repair
	 * @param shared how much of what was read for recoveries is kept for 10 seconds, so
	 * that clients that lack the same range share one read
	 */
	public record Recovery(@DefaultValue("5000") int maxMessages, @DefaultValue("500") int pageSize,
			@DefaultValue("16MB") DataSize shared) {

		public Recovery {
			PropertyBounds.range("realtime.recovery.max-messages", maxMessages, 1, 1_000_000);
			PropertyBounds.range("realtime.recovery.page-size", pageSize, 1, TopicLog.MAX_PAGE);
			PropertyBounds.size("realtime.recovery.shared", shared, 0);
		}

	}

	/**
	 * How a node finds and fills holes.
	 *
	 * @param checkInterval how often this node compares its position in every topic with
	 * the log's
	 * @param subscriptionLinger how long a topic's relay subscription outlives its last
	 * local subscriber; 0 means not at all
	 */
	public record Repair(@DefaultValue("10s") Duration checkInterval,
			@DefaultValue("10s") Duration subscriptionLinger) {

		public Repair {
			PropertyBounds.positive("realtime.repair.check-interval", checkInterval);
			PropertyBounds.positiveOrZero("realtime.repair.subscription-linger", subscriptionLinger);
		}

	}

	/**
	 * Leaving the fleet politely at shutdown.
	 *
	 * @param enabled whether clients are asked to reconnect elsewhere before the shutdown
	 * goes on
	 * @param delay how long the node goes on as before, with its readiness down already,
	 * so that load balancers stop sending it clients; 0 means not at all
	 * @param spread over which time the reconnects are spread; 0 means all at once
	 * @param timeout how long the shutdown waits for connections to end
	 */
	public record Drain(@DefaultValue("true") boolean enabled, @DefaultValue("0s") Duration delay,
			@DefaultValue("5s") Duration spread, @DefaultValue("20s") Duration timeout) {

		private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

		public Drain {
			PropertyBounds.positiveOrZero("realtime.drain.delay", delay);
			PropertyBounds.check(delay.compareTo(LONGEST_DELAY) <= 0, "realtime.drain.delay", delay,
					"must not be longer than 5 minutes");
			PropertyBounds.positiveOrZero("realtime.drain.spread", spread);
			PropertyBounds.positive("realtime.drain.timeout", timeout);
			PropertyBounds.atLeast("realtime.drain.timeout", timeout, spread,
					"must not be shorter than realtime.drain.spread");
		}

	}

	/**
	 * Backfill, presence and streams over HTTP.
	 *
	 * @param enabled whether messages and presence can be read, and streams be had, over
	 * HTTP
	 * @param path what the paths of these requests start with
	 * @param maxPage most messages that one request may ask for
	 * @param sseHeartbeat after how long of silence a stream of events gets a comment
	 * @param pollTimeout how long a poll waits for news at most
	 * @param maxBody largest body of a request, other than a SEND, whose body is a
	 * frame's
	 * @param readTimeout how long a client may take to send a body to the servlet
	 * container
	 */
	public record Http(@DefaultValue("true") boolean enabled, @DefaultValue("/realtime") String path,
			@DefaultValue("1000") int maxPage, @DefaultValue("15s") Duration sseHeartbeat,
			@DefaultValue("25s") Duration pollTimeout, @DefaultValue("256KB") DataSize maxBody,
			@DefaultValue("10s") Duration readTimeout) {

		public Http {
			checkPath("realtime.http.path", path);
			PropertyBounds.range("realtime.http.max-page", maxPage, 1, TopicLog.MAX_PAGE);
			PropertyBounds.atLeast("realtime.http.sse-heartbeat", sseHeartbeat, Duration.ofSeconds(1),
					"must be 1s or more");
			PropertyBounds.atLeast("realtime.http.poll-timeout", pollTimeout, Duration.ofSeconds(1),
					"must be 1s or more");
			PropertyBounds.size("realtime.http.max-body", maxBody, 1_024);
			PropertyBounds.positive("realtime.http.read-timeout", readTimeout);
		}

	}

}
