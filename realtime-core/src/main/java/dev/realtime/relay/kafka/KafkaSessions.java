package dev.realtime.relay.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelayCredentialsException;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.RelayUnavailableException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to Kafka. Before a session is opened, a record has been written and read, so
 * that missing rights are found at the start.
 */
final class KafkaSessions implements RelaySession.Opener {

	private static final Logger logger = LoggerFactory.getLogger(KafkaSessions.class);

	private final KafkaRelayOptions options;

	private final Loops loops;

	private final FleetTopic topic;

	private final ClientProperties properties;

	KafkaSessions(KafkaRelayOptions options, Loops loops) {
		this.options = options;
		this.loops = loops;
		this.topic = new FleetTopic(options, loops.environment());
		this.properties = new ClientProperties(options);
	}

	@Override
	public RelaySession open(Incoming incoming, RelaySession.Events events) {
		Opening opening = new Opening();
		try {
			RelaySession opened = opening.open(incoming, events);
			opening.done = true;
			return opened;
		}
		catch (RelayUnavailableException ex) {
			throw ex;
		}
		catch (InterruptedException | InterruptException ex) {
			Thread.currentThread().interrupt();
			throw new RelayUnavailableException("interrupted while connecting to Kafka", ex);
		}
		catch (Exception ex) {
			throw sentence(ex);
		}
		finally {
			opening.closeUnlessDone();
		}
	}

	private RelayUnavailableException sentence(Exception failure) {
		Throwable cause = failure;
		while (cause.getCause() != null
				&& (cause instanceof ExecutionException || cause.getClass() == KafkaException.class)) {
			cause = cause.getCause();
		}
		String servers = this.options.bootstrapServers();
		if (cause instanceof ConfigException) {
			String message = String.valueOf(cause.getMessage());
			return new RelayUnavailableException(
					message.contains("bootstrap") ? '"' + servers + "\" is not a usable address of Kafka"
							: "Kafka's client refuses a property: " + message,
					failure);
		}
		String kafka = "Kafka at " + servers;
		if (cause instanceof SaslAuthenticationException) {
			return new RelayCredentialsException(kafka + " refuses these credentials", failure);
		}
		if (cause instanceof SslAuthenticationException) {
			return new RelayUnavailableException(kafka + " and this node cannot agree on TLS: " + cause.getMessage(),
					failure);
		}
		if (cause instanceof AuthorizationException) {
			return new RelayUnavailableException(kafka + " does not let this user describe, read and write the topic \""
					+ this.options.topic() + "\": " + cause.getMessage(), failure);
		}
		if (cause instanceof RetriableException || cause instanceof java.util.concurrent.TimeoutException) {
			return new RelayUnavailableException(
					kafka + " cannot be reached with security.protocol=" + this.properties.protocol(), failure);
		}
		return new RelayUnavailableException(kafka + " cannot be used: " + cause.getMessage(), failure);
	}

	/** What is open so far. */
	private final class Opening {

		private final List<AutoCloseable> open = new ArrayList<>();

		private boolean done;

		RelaySession open(Incoming incoming, RelaySession.Events events) throws Exception {
			Admin admin = Admin.create(KafkaSessions.this.properties.admin());
			this.open.add(() -> admin.close(Duration.ZERO));
			KafkaSessions.this.topic.ensure(admin);
			List<TopicPartition> partitions = KafkaSessions.this.topic.partitions();
			Producer<byte[], byte[]> producer = new KafkaProducer<>(KafkaSessions.this.properties.producer(),
					new ByteArraySerializer(), new ByteArraySerializer());
			this.open.add(() -> producer.close(Duration.ZERO));
			KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(KafkaSessions.this.properties.consumer(),
					new ByteArrayDeserializer(), new ByteArrayDeserializer());
			this.open.add(() -> consumer.close(Duration.ZERO));
			Reader reader = new Reader(consumer, partitions, KafkaSessions.this.options.timeout(), incoming, events,
					loop("realtime-relay-reader"));
			reader.begin();
			RecordMetadata written = write(producer);
			reader.awaitRecord(written.partition(), written.offset());
			Watch watch = new Watch(admin, partitions, reader, events::onDropped,
					KafkaSessions.this.loops.environment());
			Announcements announcements = new Announcements(producer, KafkaSessions.this.options,
					loop("realtime-relay-announcer"));
			reader.start();
			return new KafkaSession(admin, reader, watch, announcements, KafkaSessions.this.loops.environment());
		}

		private Loop loop(String name) {
			Loop loop = KafkaSessions.this.loops.loop(name);
			this.open.add(loop);
			return loop;
		}

		private RecordMetadata write(Producer<byte[], byte[]> producer) throws Exception {
			Future<RecordMetadata> written = producer
				.send(new ProducerRecord<>(KafkaSessions.this.options.topic(), 0, null, new byte[0]));
			return KafkaSessions.this.loops.environment()
				.await(written, Duration.ofMillis(2L * KafkaSessions.this.options.timeoutMillis()));
		}

		void closeUnlessDone() {
			for (AutoCloseable each : this.done ? List.<AutoCloseable>of() : this.open) {
				try {
					each.close();
				}
				catch (Exception ex) {
					logger.debug("A client of Kafka did not close", ex);
				}
			}
		}

	}

}
