package dev.realtime.spring.tracing;

import io.micrometer.common.KeyValue;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

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
	DELIVER(DefaultDeliverObservationConvention.class);

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

		/** {@code send}, {@code receive} or {@code deliver}. */
		OPERATION("messaging.operation.type"),

		/** The topic's rule; of a SEND, {@code none}. */
		RULE("messaging.destination.template"),

		/** Of a publication {@code ok} or {@code failed}, else {@code none}. */
		OUTCOME("outcome");

		private final String key;

		LowCardinality(String key) {
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

	/** Key values of which there may be any number. */
	public enum HighCardinality implements KeyName {

		/** The topic; of a SEND, the destination. */
		DESTINATION("messaging.destination.name"),

		/** The message's position, once it is known. */
		POSITION("messaging.message.id"),

		/** The node that delivers. */
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
