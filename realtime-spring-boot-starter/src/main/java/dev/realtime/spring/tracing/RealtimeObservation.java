package dev.realtime.spring.tracing;

import io.micrometer.common.KeyValue;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The observations. The names of key values are those of
 * <a href="https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/">
 * OpenTelemetry's conventions for messaging</a>.
 */
public enum RealtimeObservation implements ObservationDocumentation {

	/** A publication, until it is stored or has failed; a span of kind PRODUCER. */
	PUBLISH(DefaultPublishObservationConvention.class),

	/** A client's SEND, while it is handled; a span of kind SERVER. */
	RECEIVE(DefaultReceiveObservationConvention.class),

	/** A message, until a shard has offered it to its subscribers; kind CONSUMER. */
	DELIVER(DefaultDeliverObservationConvention.class),

	/** A message, until the broker has numbered and stored it; kind CLIENT. */
	STORE(DefaultStoreObservationConvention.class),

	/** A stored message, until a relay of its own has taken it; kind CLIENT. */
	ANNOUNCE(DefaultAnnounceObservationConvention.class),

	/** A client's CONNECT, until it is answered; kind SERVER. */
	CONNECT(DefaultConnectObservationConvention.class),

	/** A client's SUBSCRIBE, until it is answered; kind SERVER. */
	SUBSCRIBE(DefaultSubscribeObservationConvention.class),

	/** A client's recovery, until all that it lacked is in its queue; kind CLIENT. */
	RECOVER(DefaultRecoverObservationConvention.class),

	/** Messages that a node has read because the relay had lost them; kind CLIENT. */
	REPAIR(DefaultRepairObservationConvention.class);

	private final Class<? extends ObservationConvention<? extends Observation.Context>> convention;

	RealtimeObservation(Class<? extends ObservationConvention<? extends Observation.Context>> convention) {
		this.convention = convention;
	}

	@Override
	public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
		return this.convention;
	}

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinality.values();
	}

	@Override
	public KeyName[] getHighCardinalityKeyNames() {
		return HighCardinality.values();
	}

	/** Key values of which there are few. */
	public enum LowCardinality implements KeyName {

		/** {@code realtime}. */
		SYSTEM("messaging.system"),

		/** What was done, such as {@code send}, {@code receive} or {@code deliver}. */
		OPERATION("messaging.operation.type"),

		/** The topic's rule; {@code none} of a SEND and without one topic. */
		RULE("messaging.destination.template"),

		/** Such as {@code ok} or {@code failed}; {@code none} where it has none. */
		OUTCOME("outcome"),

		/**
		 * Why a frame was refused, or its connection closed; {@code none} if neither.
		 */
		REASON("realtime.reason"),

		/** How frames reach the client. */
		TRANSPORT("realtime.transport"),

		/** What made a node read the log. */
		CAUSE("realtime.cause");

		private final String key;

		LowCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

		KeyValue of(@Nullable String value) {
			return KeyValue.of(this.key, (value != null) ? value : KeyValue.NONE_VALUE);
		}

	}

	/** Key values of which there may be any number. */
	public enum HighCardinality implements KeyName {

		/** The topic; of a SEND, the destination. */
		DESTINATION("messaging.destination.name"),

		/** The message's position, once it is known. */
		POSITION("messaging.message.id"),

		/** How many messages were delivered, recovered or repaired. */
		MESSAGES("messaging.batch.message_count"),

		/** The node that delivers or repairs. */
		NODE("realtime.node");

		private final String key;

		HighCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

		KeyValue of(String value) {
			return KeyValue.of(this.key, value);
		}

	}

}
