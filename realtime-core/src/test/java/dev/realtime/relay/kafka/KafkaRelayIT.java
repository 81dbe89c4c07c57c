package dev.realtime.relay.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.relay.Relay;
import dev.realtime.relay.EngineRelayContract;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.testing.Await;
import dev.realtime.testing.KafkaServer;
import dev.realtime.testing.Messages;
import dev.realtime.testing.Ports;
import dev.realtime.testing.TcpProxy;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KafkaRelayIT extends EngineRelayContract {

	private static final String TOPIC = "rt.relay";

	private static final Partitions PARTITIONS = new Partitions(16);

	private final KafkaServer kafka = KafkaServer.shared();

	@Override
	protected Relay create() {
		return relay(KafkaRelayOptions.of(this.kafka.proxiedAddress(), TOPIC, PARTITIONS));
	}

	private static Relay relay(KafkaRelayOptions options) {
		return KafkaRelay.of(options, Duration.ofMillis(200), new Loops());
	}

	private static KafkaRelayOptions options(String servers, Map<String, String> properties, String topic) {
		return new KafkaRelayOptions(servers, properties, topic, PARTITIONS, 1, Duration.ofMinutes(10),
				Duration.ofSeconds(2), 64 << 20);
	}

	@Override
	protected Relay direct() {
		return relay(KafkaRelayOptions.of(this.kafka.address(), TOPIC, PARTITIONS));
	}

	private Relay started(KafkaRelayOptions options, Messages.Heard heard) {
		return started(relay(options), heard);
	}

	@Override
	protected TcpProxy proxy() {
		return this.kafka.proxy();
	}

	@Override
	protected void closeEngine() {
		this.kafka.heal();
	}

	/** Kafka's client connects again by itself, and nothing is lost then. */
	@Test
	@Override
	protected void rule7_losesNothingWhenItsConnectionIsCutOrSaysSo() {
		List<Topic> topics = IntStream.range(0, 500).mapToObj((i) -> Messages.topic()).toList();
		topics.stream().map(relay()::subscribe).toList().forEach(Await::result);
		Relay other = other(new Messages.Heard());

		this.kafka.proxy().cut();
		topics.forEach((each) -> Await.result(other.announce(message(each, 1, each.name()))));

		Await.until(() -> {
			assertThat(relay().isConnected()).isTrue();
			assertThat(this.heard.texts().size() + 500 * this.heard.reconnections()).isGreaterThanOrEqualTo(500);
		});
		if (this.heard.reconnections() == 0) {
			assertThat(this.heard.texts())
				.containsExactlyInAnyOrderElementsOf(topics.stream().map(Topic::name).toList());
		}
	}

	@Test
	void rule7_whileKafkaIsAwayAnnouncingFailsAndWhenItIsBackTheRelaySaysSo() {
		Await.result(relay().subscribe(this.topic));

		this.kafka.proxy().switchTo(Ports.reserve());

		Await.until(() -> assertThat(relay().isConnected()).isFalse());
		assertThatThrownBy(() -> Await.result(relay().announce(message(this.topic, 1, "lost"))))
			.isInstanceOf(RelayUnavailableException.class);
		// The session that has just ended may have refused that one.
		Await.until(() -> assertThatThrownBy(() -> Await.result(relay().announce(message(this.topic, 1, "lost"))))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining("Kafka is not connected"));
		this.kafka.heal();
		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));
		Await.result(relay().announce(message(this.topic, 2, "back")));
		Await.until(() -> assertThat(this.heard.texts()).contains("back"));
		assertThat(relay().isConnected()).isTrue();
	}

	@Test
	void rule7_whatKafkaDeletesBeforeItIsReadIsSaidSoThatTheLogIsCompared() throws Exception {
		Messages.Heard slow = new Messages.Heard();
		CompletableFuture<Void> gate = new CompletableFuture<>();
		slow.reacting((message) -> gate.join());
		Relay relay = started(KafkaRelayOptions.of(this.kafka.address(), TOPIC, PARTITIONS), slow);
		Await.result(relay.subscribe(this.topic));
		Relay sender = other(new Messages.Heard());
		String text = "x".repeat(500_000);
		for (int i = 1; i <= 20; i++) {
			Await.result(sender.announce(message(this.topic, i, text)));
		}
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.kafka.address()))) {
			admin
				.deleteRecords(
						Map.of(new TopicPartition(TOPIC, PARTITIONS.of(this.topic)), RecordsToDelete.beforeOffset(-1)))
				.all()
				.get();
		}

		gate.complete(null);

		Await.until(() -> assertThat(slow.reconnections()).isPositive());
		Await.result(sender.announce(message(this.topic, 21, "later")));
		Await.until(() -> assertThat(slow.messages()).extracting(TopicMessage::seq).contains(21L));
		assertThat(slow.messages()).hasSizeLessThan(21);
		assertThat(relay.isConnected()).isTrue();
	}

	@Test
	void rule8_whatIsNotAcknowledgedIsBoundedAndFailsInTime() {
		KafkaRelayOptions few = new KafkaRelayOptions(this.kafka.proxiedAddress(), Map.of(), TOPIC, PARTITIONS, 1,
				Duration.ofMinutes(10), Duration.ofSeconds(2), 1 << 20);
		Relay relay = started(few, new Messages.Heard());
		this.kafka.proxy().holdAnswers();
		String text = "x".repeat(200_000);

		List<CompletableFuture<Void>> waiting = IntStream.range(0, 5)
			.mapToObj((i) -> relay.announce(message(this.topic, i + 1, text)).toCompletableFuture())
			.toList();
		assertThatThrownBy(() -> Await.result(relay.announce(message(this.topic, 6, text))))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining("already wait");

		assertThat(waiting).allSatisfy(
				(each) -> assertThatThrownBy(() -> Await.result(each)).isInstanceOf(RelayUnavailableException.class));
	}

	@Test
	void aKafkaTopicThatANodeMakesTakesLargeMessages() {
		Await.result(relay().subscribe(this.topic));
		String large = "x".repeat(2_000_000);

		Await.result(relay().announce(message(this.topic, 1, large)));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly(large));
	}

	@Test
	void aMessageThatIsLargerThanAnOperatorsKafkaTopicTakesIsRefusedAndNothingElse() throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.kafka.address()))) {
			admin.createTopics(List.of(new NewTopic("small", Optional.of(PARTITIONS.count()), Optional.empty())
				.configs(Map.of("max.message.bytes", "1000000")))).all().get();
		}
		Messages.Heard theirs = new Messages.Heard();
		Relay relay = started(KafkaRelayOptions.of(this.kafka.address(), "small", PARTITIONS), theirs);
		Await.result(relay.subscribe(this.topic));

		assertThatThrownBy(() -> Await.result(relay.announce(message(this.topic, 1, "x".repeat(2_000_000)))))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining("max.message.bytes");

		Await.result(relay.announce(message(this.topic, 2, "small")));
		Await.until(() -> assertThat(theirs.texts()).containsExactly("small"));
	}

	@Test
	void whatCannotBeReadIsSkipped() throws Exception {
		Await.result(relay().subscribe(this.topic));
		byte[] name = this.topic.name().getBytes(StandardCharsets.UTF_8);
		byte[] nonsense = "EPOCH 1 x\n".getBytes(StandardCharsets.UTF_8);
		try (KafkaProducer<byte[], byte[]> stranger = new KafkaProducer<>(
				Map.of("bootstrap.servers", this.kafka.address()), new ByteArraySerializer(),
				new ByteArraySerializer())) {
			int partition = PARTITIONS.of(this.topic);
			for (ProducerRecord<byte[], byte[]> each : List.of(
					new ProducerRecord<byte[], byte[]>(TOPIC, partition, null, nonsense),
					new ProducerRecord<byte[], byte[]>(TOPIC, partition, new byte[0], nonsense),
					new ProducerRecord<byte[], byte[]>(TOPIC, partition, new byte[] { 0 }, nonsense),
					new ProducerRecord<byte[], byte[]>(TOPIC, partition, name, null),
					new ProducerRecord<byte[], byte[]>(TOPIC, partition, name, nonsense))) {
				stranger.send(each).get();
			}
		}
		Await.result(relay().announce(message(this.topic, 1, "sound")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("sound"));
	}

	@Test
	void aServerThatIsNotThereOrRefusesIsSaidInOneSentence() {
		int unused = Ports.reserve();
		assertThatThrownBy(
				() -> relay(KafkaRelayOptions.of("127.0.0.1:" + unused, TOPIC, PARTITIONS)).start(this.heard))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessage("Kafka at 127.0.0.1:" + unused + " cannot be reached with security.protocol=PLAINTEXT");
		assertThatThrownBy(() -> relay(KafkaRelayOptions.of("nonsense", TOPIC, PARTITIONS)).start(this.heard))
			.hasMessage("\"nonsense\" is not a usable address of Kafka");
		assertThatThrownBy(
				() -> relay(KafkaRelayOptions.of(this.kafka.passwordAddress(), TOPIC, PARTITIONS)).start(this.heard))
			.hasMessageContaining("cannot be reached with security.protocol=PLAINTEXT");
		assertThatThrownBy(
				() -> relay(options(this.kafka.passwordAddress(), user("ann", "wrong"), TOPIC)).start(this.heard))
			.hasMessage("Kafka at " + this.kafka.passwordAddress() + " refuses these credentials")
			.hasMessageNotContaining("wrong");
		assertThatThrownBy(
				() -> relay(options(this.kafka.address(), Map.of("acks", "nonsense"), TOPIC)).start(this.heard))
			.hasMessageStartingWith("Kafka's client refuses a property: ")
			.hasMessageContaining("acks");
	}

	@Test
	void anotherNumberOfPartitionsIsSaidInOneSentence() {
		assertThatThrownBy(
				() -> relay(KafkaRelayOptions.of(this.kafka.address(), TOPIC, new Partitions(17))).start(this.heard))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessage(
					"the Kafka topic \"rt.relay\" has 16 partitions, and this node has 17 (realtime.redis.partitions); "
							+ "they must be equal");
	}

	@Test
	void aTopicThatCannotBeMadeIsSaidInOneSentence() {
		assertThatThrownBy(() -> relay(new KafkaRelayOptions(this.kafka.address(), Map.of(), "rt.many", PARTITIONS, 3,
				Duration.ofMinutes(10), Duration.ofSeconds(2), 64 << 20))
			.start(this.heard))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining(
					"the Kafka topic \"rt.many\" with 16 partitions does not exist and cannot be created by this "
							+ "node: ")
			.hasMessageContaining("eplication factor");
	}

	@ParameterizedTest
	@EnumSource(names = { "DESCRIBE", "CREATE", "READ", "WRITE" })
	void aMissingRightIsFoundAtTheStart(AclOperation forbidden) throws Exception {
		String topic = "rt.acl." + forbidden;
		if (forbidden != AclOperation.CREATE) {
			started(options(this.kafka.address(), Map.of(), topic), new Messages.Heard());
		}
		// A topic may be made by who may make any, so that is forbidden, too.
		List<ResourcePattern> resources = List.of(new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
				new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL));
		List<AclBinding> acls = resources.stream()
			.flatMap((each) -> Stream.of(
					new AclBinding(each, new AccessControlEntry("User:bob", "*", forbidden, AclPermissionType.DENY)),
					new AclBinding(each,
							new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW))))
			.filter((each) -> each.pattern().resourceType() == ResourceType.TOPIC || forbidden == AclOperation.CREATE)
			.toList();
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.kafka.address()))) {
			admin.createAcls(acls).all().get();
		}

		assertThatThrownBy(
				() -> relay(options(this.kafka.passwordAddress(), user("bob", "secret"), topic)).start(this.heard))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining(topic)
			.hasMessageMatching("(?s).*(does not let this user|cannot be created by this node).*");
	}

	@Test
	void aUserWithAPasswordMayUseIt() {
		Relay ann = started(options(this.kafka.passwordAddress(), user("ann", "secret"), TOPIC), new Messages.Heard());
		Await.result(relay().subscribe(this.topic));

		Await.result(ann.announce(message(this.topic, 1, "from ann")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("from ann"));
	}

	private static Map<String, String> user(String name, String password) {
		return Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config",
				"org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + name + "\" password=\""
						+ password + "\";");
	}

}
