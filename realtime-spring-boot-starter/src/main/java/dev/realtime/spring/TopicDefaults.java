package dev.realtime.spring;

import java.time.Duration;
import java.util.List;

import dev.realtime.DeliveryRate;
import dev.realtime.Overflow;
import dev.realtime.TopicPolicy;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.topic-defaults}: how a topic is kept and delivered where no rule says
 * otherwise.
 *
 * @param historySize how many messages are kept, at least; 1 to 1000000
 * @param historyTime how long messages are kept after the topic's last one
 * @param idempotencyWindow how long the id of a message is remembered, so that the same
 * id is not published twice
 * @param overflow what happens when a message meets a full queue: disconnect (the client
 * returns and recovers) or drop-oldest (a gap is announced)
 * @param queueMessages how many messages of a topic may wait for one subscriber
 * @param queueBytes how many bytes of a topic's frames may wait for one subscriber
 * @param presence whether it is tracked which users are on the topic
 * @param clientPublish whether a client may send straight to the topic
 * @param durable whether messages go to the durable log, where realtime.log names one
 * @param rate how many messages of a topic one subscriber gets in a second
 * @param read which clients may subscribe and read the history: anyone, authenticated,
 * nobody, role:&lt;name&gt; or authority:&lt;name&gt;; of several one is enough
 * @param publish which clients may send straight to a topic
 * @param members which clients may see who is on a topic
 */
public record TopicDefaults(@DefaultValue("10000") int historySize, @DefaultValue("24h") Duration historyTime,
		@DefaultValue("5m") Duration idempotencyWindow, @DefaultValue("disconnect") Overflow overflow,
		@DefaultValue("1000") int queueMessages, @DefaultValue("1MB") DataSize queueBytes,
		@DefaultValue("false") boolean presence, @DefaultValue("false") boolean clientPublish,
		@DefaultValue("true") boolean durable, @NestedConfigurationProperty @DefaultValue TopicRate rate,
		@Nullable List<String> read, @Nullable List<String> publish, @Nullable List<String> members) {

	static final String PREFIX = "realtime.topic-defaults";

	public TopicDefaults {
		TopicBounds.historySize(PREFIX, historySize);
		TopicBounds.historyTime(PREFIX, historyTime);
		TopicBounds.idempotencyWindow(PREFIX, idempotencyWindow);
		TopicBounds.queueMessages(PREFIX, queueMessages);
		TopicBounds.queueBytes(PREFIX, queueBytes);
		rate.check(PREFIX + ".rate", DeliveryRate.UNLIMITED);
		AccessRule unused = access(read, publish, members);
	}

	/** Which clients may do what on topics whose rules do not say. */
	AccessRule access() {
		return access(this.read, this.publish, this.members);
	}

	private static AccessRule access(@Nullable List<String> read, @Nullable List<String> publish,
			@Nullable List<String> members) {
		return new TopicRule("**", null, null, null, null, null, null, null, null, null, null, read, publish, members,
				null)
			.access(PREFIX, AccessRule.NONE);
	}

	/** The policy that these values make. */
	public TopicPolicy policy() {
		return TopicPolicy.builder()
			.history(this.historySize, this.historyTime)
			.idempotencyWindow(this.idempotencyWindow)
			.queue(this.queueMessages, (int) this.queueBytes.toBytes(), this.overflow)
			.presence(this.presence)
			.clientPublish(this.clientPublish || (this.publish != null && !this.publish.equals(List.of("nobody"))))
			.durable(this.durable)
			.rate(this.rate.rate(DeliveryRate.UNLIMITED))
			.build();
	}

}
