package dev.realtime.spring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.realtime.IllegalTopicException;
import dev.realtime.Overflow;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.topics.<name>}: how the topics of one pattern are kept and delivered.
 * What is not set is taken from {@link TopicDefaults}.
 *
 * @param pattern which topics: * stands for one segment, a final ** for one or more, such
 * as room.*
 * @param historySize how many messages are kept, at least; 1 to 1000000
 * @param historyTime how long messages are kept after the topic's last one
 * @param idempotencyWindow how long the id of a message is remembered
 * @param overflow what happens when a message meets a full queue: disconnect or
 * drop-oldest
 * @param queueMessages how many messages of a topic may wait for one subscriber
 * @param queueBytes how many bytes of a topic's frames may wait for one subscriber
 * @param presence whether it is tracked which users are on the topic
 * @param clientPublish whether a client may send straight to the topic
 * @param durable whether messages go to the durable log, where realtime.log names one
 * @param rate how many messages of a topic one subscriber gets in a second
 * @param read which clients may subscribe and read the history: anyone, authenticated,
 * nobody, role:&lt;name&gt;, authority:&lt;name&gt; or owner:{&lt;segment&gt;}; of
 * several one is enough
 * @param publish which clients may send straight to the topic; those who may read if only
 * client-publish is set
 * @param members which clients may see who is on the topic; those who may read if not set
 * @param home the region that numbers the topics, one of realtime.regions.names
 */
public record TopicRule(@Nullable String pattern, @Nullable Integer historySize, @Nullable Duration historyTime,
		@Nullable Duration idempotencyWindow, @Nullable Overflow overflow, @Nullable Integer queueMessages,
		@Nullable DataSize queueBytes, @Nullable Boolean presence, @Nullable Boolean clientPublish,
		@Nullable Boolean durable, @Nullable TopicRate rate, @Nullable List<String> read,
		@Nullable List<String> publish, @Nullable List<String> members, @Nullable String home) {

	/** Checks the bounds; the prefix is this rule's name among the properties. */
	void check(String prefix) {
		AccessRule access = access(prefix, AccessRule.NONE);
		PropertyBounds.check(!access.isDeclared() || !access.pattern().pattern().text().startsWith("_user."),
				prefix + ".pattern", this.pattern,
				"must not be one of users' own topics when read, publish or members is set: "
						+ "only their user has access to them");
		PropertyBounds.check(this.clientPublish == null || this.clientPublish || !opensPublishing(),
				prefix + ".client-publish", this.clientPublish, "contradicts " + prefix + ".publish=" + this.publish);
		Optional.ofNullable(this.historySize).ifPresent((value) -> TopicBounds.historySize(prefix, value));
		Optional.ofNullable(this.historyTime).ifPresent((value) -> TopicBounds.historyTime(prefix, value));
		Optional.ofNullable(this.idempotencyWindow).ifPresent((value) -> TopicBounds.idempotencyWindow(prefix, value));
		Optional.ofNullable(this.queueMessages).ifPresent((value) -> TopicBounds.queueMessages(prefix, value));
		Optional.ofNullable(this.queueBytes).ifPresent((value) -> TopicBounds.queueBytes(prefix, value));
	}

	/** Checks the rate, for which the defaults count, too. */
	void checkRate(String prefix, TopicPolicy defaults) {
		TopicRate.orNone(this.rate).check(prefix + ".rate", defaults.rate());
	}

	/** The pattern, which a rule cannot do without. */
	RulePattern patternOf(String prefix) {
		String property = prefix + ".pattern";
		if (this.pattern == null) {
			throw new InvalidRealtimePropertyException(property, null, "a rule needs a pattern, such as room.*");
		}
		try {
			return new RulePattern(this.pattern);
		}
		catch (IllegalTopicException ex) {
			throw new InvalidRealtimePropertyException(property, this.pattern,
					"must be a pattern such as room.*. " + ex.getMessage());
		}
	}

	/** Which clients may do what, with the defaults where this rule does not say. */
	AccessRule access(String prefix, AccessRule defaults) {
		RulePattern segments = patternOf(prefix);
		return new AccessRule(segments, grants(prefix + ".read", this.read, segments, defaults.read()),
				grants(prefix + ".publish", this.publish, segments, defaults.publish()),
				grants(prefix + ".members", this.members, segments, defaults.members()));
	}

	private static @Nullable List<Grant> grants(String property, @Nullable List<String> entries, RulePattern pattern,
			@Nullable List<Grant> defaults) {
		return (entries != null) ? Grant.parse(property, entries, pattern) : defaults;
	}

	/** The policy that this rule makes of the defaults. */
	TopicPolicy policy(TopicPolicy defaults) {
		return TopicPolicy.builder()
			.history(or(this.historySize, defaults.historySize()), or(this.historyTime, defaults.historyTime()))
			.idempotencyWindow(or(this.idempotencyWindow, defaults.idempotencyWindow()))
			.queue(or(this.queueMessages, defaults.queueMessages()),
					(this.queueBytes != null) ? (int) this.queueBytes.toBytes() : defaults.queueBytes(),
					or(this.overflow, defaults.overflow()))
			.presence(or(this.presence, defaults.presence()))
			.clientPublish(or(this.clientPublish, opensPublishing() || defaults.clientPublish()))
			.durable(or(this.durable, defaults.durable()))
			.rate(TopicRate.orNone(this.rate).rate(defaults.rate()))
			.build();
	}

	private boolean opensPublishing() {
		return this.publish != null && !this.publish.equals(List.of("nobody"));
	}

	private static <T> T or(@Nullable T value, T other) {
		return (value != null) ? value : other;
	}

}
