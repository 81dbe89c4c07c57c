package dev.realtime.broker.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

import dev.realtime.Position;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.TopicPattern;
import dev.realtime.log.LogPage;
import dev.realtime.loop.Loops;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.redis.FleetSettings;
import dev.realtime.redis.RedisDiagnosis;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A real Redis that is there but refuses: a sentence says why, nothing that was confirmed
 * is lost, the connections stay open, and all goes on when Redis does.
 */
class RedisRefusesIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet admin = new RedisFleet(this.redis.uri());

	private final RedisCommands<byte[], byte[]> commands = this.admin.commands();

	private final Topic topic = Messages.topic();

	private final Messages.Heard heard = new Messages.Heard();

	private final List<PublishReceipt> confirmed = new ArrayList<>();

	private RedisFleet fleet = new RedisFleet(this.redis.uri());

	private RedisBroker broker = this.fleet.broker();

	@BeforeEach
	void start() {
		this.broker.start(this.heard);
		Await.result(this.broker.subscribe(this.topic));
	}

	@AfterEach
	void close() {
		this.fleet.close();
		this.admin.close();
		this.redis.close();
	}

	@Test
	void rule7_aReplicaIsReadOnly() {
		refuses(() -> this.commands.replicaof("127.0.0.1", this.redis.port()),
				"Redis is read-only because it is a replica", this.commands::replicaofNoOne);
	}

	@Test
	void rule7_aFullServerHasNoMemoryLeft() {
		refuses(() -> this.commands.configSet("maxmemory", "1"), "Redis has no memory left",
				() -> this.commands.configSet("maxmemory", "0"));
	}

	@Test
	void rule7_aServerThatCannotSaveSaysSo() throws IOException {
		String dir = this.commands.configGet("dir").get("dir");
		Path data = Path.of(dir, "dump.rdb");
		Path obstacle = Files.createDirectories(data.resolve("in-the-way"));
		refuses(() -> {
			this.commands.configSet("save", "3600 1000000");
			this.commands.bgsave();
			Await.until(() -> assertThat(this.commands.info("persistence")).contains("rdb_last_bgsave_status:err"));
		}, "Redis cannot save its data to disk", () -> {
			try {
				Files.delete(obstacle);
				Files.delete(data);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.commands.bgsave();
		});
	}

	@Test
	void rule7_tooFewReplicas() {
		refuses(() -> this.commands.configSet("min-replicas-to-write", "1"), "too few replicas are connected",
				() -> this.commands.configSet("min-replicas-to-write", "0"));
	}

	/** Publishes before, while Redis refuses, and after. */
	private void refuses(Runnable begin, String sentence, Runnable end) {
		RedisPresence presence = this.fleet.with(new RedisPresence(this.fleet.client(), RedisFleet.KEYS, "node",
				PresenceOptions.DEFAULT, TopicPolicies.all(TopicPolicy.DEFAULT), Duration.ofSeconds(2),
				Duration.ofMinutes(10), new Loops()));
		presence.start((on, event) -> CompletableFuture.completedFuture(null));
		publish(3);
		begin.run();

		assertRefusedByState(sentence);
		presence.enter(this.topic, "ann", "one");
		assertThat(Await.result(presence.members(this.topic, 10))).isEmpty();

		end.run();
		assertBackAndNothingLost();
		Await.until(() -> assertThat(Await.result(presence.members(this.topic, 10))).hasSize(1));
	}

	private void assertRefusedByState(String sentence) {
		assertThatThrownBy(() -> Await.result(send("refused"))).isInstanceOfSatisfying(PublishException.class, (ex) -> {
			assertThat(ex).hasMessageContaining(sentence);
			assertThat(ex.isOutcomeUnknown()).isFalse();
		});
		assertThat(this.broker.problem()).contains(sentence);
		assertThat(this.broker.isConnected()).isTrue();
		assertThat(this.broker.isUsable()).isFalse();
	}

	/** Three were published before. */
	private void assertBackAndNothingLost() {
		Await.until(() -> assertThat(this.broker.isUsable()).isTrue());
		assertThat(this.broker.problem()).isNull();
		publish(3);
		assertNothingLost(6);
	}

	/** Nothing is answered but that, and connections that look dead for it are kept. */
	@Test
	void rule7_aServerThatIsBusyWithAScriptSaysSo() {
		publish(3);
		this.commands.configSet("lua-time-limit", "10");
		RedisFuture<Object> endless = this.admin.connection()
			.async()
			.eval("while true do end", ScriptOutputType.STATUS);
		Await.until(() -> assertThat(this.redis.say("PING")).contains("BUSY"));

		assertRefusedByState("Redis is busy with a script or a function that does not end");

		assertThat(this.redis.say("SCRIPT KILL")).startsWith("+OK");
		assertThatThrownBy(() -> Await.result(endless)).hasMessageContaining("killed");
		assertBackAndNothingLost();
	}

	@Test
	void rule7_aServerThatTakesNoMoreConnectionsSaysSo() {
		String sentence = "Redis has as many connections as its maxclients allows";
		as("+@all", "~rt:*", "&rt:*");
		publish(1);
		this.commands.configSet("maxclients", "1");
		assertThat(connecting(this.redis.uri())).contains(sentence);
		publish(1);
		killAll();

		Await.until(() -> assertThatThrownBy(() -> Await.result(send("refused"))).isInstanceOf(PublishException.class)
			.hasMessageContaining(sentence));
		assertThat(this.broker.problem()).contains(sentence);
		assertThat(this.broker.isUsable()).isFalse();
		this.commands.configSet("maxclients", "1000");
		Await.until(() -> Await.result(send("back")));
		Await.until(() -> assertThat(this.broker.problem()).isNull());
	}

	@Test
	void anIdleNodeNoticesItToo() {
		publish(1);
		this.commands.configSet("maxmemory", "1");

		Await.until(() -> assertThat(this.broker.problem()).contains("Redis has no memory left"));
		this.commands.configSet("maxmemory", "0");
		Await.until(() -> assertThat(this.broker.problem()).isNull());
	}

	@Test
	void anAclThatLacksACommandNamesIt() {
		as("+@all -hincrby -xadd", "~rt:*", "&rt:*");

		assertRefused("lacks the command", "HINCRBY", "XADD");
		acl("+@all");
		publish(2);
		assertThat(this.broker.problem()).isNull();
	}

	@Test
	void anAclThatLacksTheCommandOfScriptsNamesIt() {
		as("+@all -evalsha", "~rt:*", "&rt:*");

		assertRefused("lacks the command EVALSHA");
		acl("+@all -info");
		this.commands.scriptFlush();
		assertRefused("lacks the command INFO");
		acl("+@all");
		publish(2);
		assertThat(this.broker.problem()).isNull();
	}

	@Test
	void anAclThatLacksAKeyNamesIt() {
		as("+@all", "~other:*", "&rt:*");

		assertRefused("lacks a key such as \"rt:{", ":n:" + this.topic, "\"~PREFIX:*\"");
	}

	@Test
	void anAclThatLacksAChannelNamesIt() {
		as("+@all", "~rt:*", "&other:*");

		assertThatThrownBy(() -> Await.result(this.broker.subscribe(this.topic)))
			.hasMessageContaining("lacks a channel such as \"rt:{")
			.hasMessageContaining(":c:" + this.topic);
		assertThatThrownBy(() -> Await.result(this.broker.subscribe(new TopicPattern("room.*"))))
			.hasMessageContaining("lacks a channel");
		assertThat(this.broker.problem()).contains("lacks a channel");
		assertThat(this.broker.isUsable()).isTrue();
		publish(1);
	}

	private void assertRefused(String... parts) {
		assertThatThrownBy(() -> Await.result(send("refused"))).isInstanceOfSatisfying(PublishException.class, (ex) -> {
			assertThat(ex).hasMessageContaining("Redis does not permit").hasMessageContainingAll(parts);
			assertThat(ex.isOutcomeUnknown()).isFalse();
		});
		assertThat(this.broker.problem()).contains(parts);
	}

	@Test
	void aPasswordThatWasChangedIsNamedAndHealsWhenItIsChangedBack() {
		as("+@all", "~rt:*", "&rt:*");
		publish(1);
		acl("resetpass", ">other");
		killAll();

		Await.until(() -> assertThatThrownBy(() -> Await.result(send("refused"))).isInstanceOf(PublishException.class)
			.hasMessageContaining("does not accept the user name or the password"));
		assertThat(this.broker.problem()).contains("does not accept the user name or the password");
		acl("resetpass", ">pw");
		Await.until(() -> Await.result(send("back")));
		Await.until(() -> assertThat(this.broker.problem()).isNull());
	}

	@Test
	void whatKeepsAConnectionFromBeingMadeIsNamed() {
		acl("on", ">pw", "+@all", "~*", "&*");
		assertThat(connecting(uri("app", "wrong"))).contains("does not accept the user name or the password");
		SslOptions soon = SslOptions.builder().handshakeTimeout(Duration.ofMillis(500)).build();
		assertThat(connecting("rediss://127.0.0.1:" + this.redis.port(), (options) -> options.sslOptions(soon)))
			.contains("Redis does not speak TLS on this port");
		this.commands.configSet("requirepass", "secret");
		assertThat(connecting(this.redis.uri())).contains("Redis requires a password");
		this.commands.configSet("requirepass", "");
	}

	@Test
	void aServerThatIsLoadingIsWaitedFor() {
		for (int i = 0; i < 3_000; i++) {
			this.commands.set(RedisLink.arg("filler:" + i), new byte[100]);
		}
		this.commands.save();
		Path dump = Path.of(this.commands.configGet("dir").get("dir"), "dump.rdb");
		this.redis.stop();
		this.redis.restartLoading(dump);

		try (RedisFleet second = new RedisFleet(this.redis.uri())) {
			CompletionStage<FleetSettings> agreed = FleetSettings.of(RedisFleet.KEYS)
				.agree(second.link(), RedisFleet.KEYS);
			assertThatThrownBy(() -> Await.result(agreed)).hasMessageContaining("Redis is loading its data from disk");
		}
		Await.until(() -> assertThatThrownBy(() -> Await.result(send("refused"))).isInstanceOf(PublishException.class)
			.hasMessageContaining("Redis is loading its data from disk"));
		assertThat(this.broker.problem()).contains("Redis is loading its data from disk");
		this.redis.say("CONFIG SET key-load-delay 0");
		Await.until(() -> Await.result(send("back")));
		Await.until(() -> assertThat(this.broker.problem()).isNull());
	}

	private static String connecting(String uri) {
		return connecting(uri, (options) -> options);
	}

	private static String connecting(String uri, UnaryOperator<ClientOptions.Builder> options) {
		try (RedisFleet other = new RedisFleet(uri)) {
			Throwable failure = catchThrowable(() -> RedisDiagnosis.withReason(() -> other.client(options).connect()));
			assertThat(failure).isInstanceOf(RedisConnectionException.class);
			String sentence = RedisDiagnosis.of(failure);
			if (sentence == null) {
				throw new AssertionError("No sentence for this failure", failure);
			}
			return sentence;
		}
	}

	private CompletableFuture<PublishReceipt> send(String text) {
		return this.broker.publish(Messages.text(this.topic, text), TopicPolicy.DEFAULT).toCompletableFuture();
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.confirmed.add(Await.result(send("text")));
		}
	}

	private void assertNothingLost(int count) {
		List<Position> positions = this.confirmed.stream().map(PublishReceipt::position).toList();
		assertThat(positions).hasSize(count);
		Position start = new Position(positions.get(0).epoch(), 0);
		LogPage page = Await.result(this.broker.log().read(this.topic, start, 100));
		assertThat(Messages.found(page).messages()).extracting(TopicMessage::position).isEqualTo(positions);
		Await.until(() -> assertThat(this.heard.messages()).extracting(TopicMessage::position).isEqualTo(positions));
		assertThat(this.heard.reconnections()).isZero();
	}

	/** From here on the broker is an ACL user. */
	private void as(String... rules) {
		this.fleet.close();
		List<String> all = new ArrayList<>(List.of("on", ">pw"));
		for (String rule : rules) {
			all.addAll(List.of(rule.split(" ", -1)));
		}
		acl(all.toArray(String[]::new));
		this.fleet = new RedisFleet(uri("app", "pw"));
		this.broker = this.fleet.broker();
		this.broker.start(this.heard);
	}

	private void acl(String... rules) {
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).add("SETUSER").add("app");
		for (String rule : rules) {
			for (String word : rule.split(" ", -1)) {
				args.add(word);
			}
		}
		this.commands.dispatch(CommandType.ACL, new StatusOutput<>(ByteArrayCodec.INSTANCE), args);
	}

	private String uri(String user, String password) {
		return "redis://" + user + ':' + password + "@127.0.0.1:" + this.redis.port();
	}

	/** Ends the connections of the ACL user. */
	private void killAll() {
		this.commands.clientList()
			.lines()
			.filter((line) -> line.contains("user=app"))
			.forEach((line) -> this.commands.clientKill(line.replaceFirst(".* addr=(\\S+) .*", "$1")));
	}

}
