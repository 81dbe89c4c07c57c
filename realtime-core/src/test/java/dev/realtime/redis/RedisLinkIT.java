package dev.realtime.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.ScriptOutputType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisLinkIT {

	private static final RedisScript ECHO = new RedisScript("echo", "return ARGV[1]");

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final RedisLink link = this.fleet.link(Duration.ofSeconds(10));

	@AfterEach
	void close() {
		this.fleet.close();
		this.redis.close();
	}

	@Test
	@SuppressWarnings("NullAway") // Null makes it fail.
	void rule9_aCallThatCannotBeSentFailsAlone() {
		List<byte[]> answers = IntStream.range(0, 100).mapToObj((i) -> {
			if (i % 10 == 5) {
				var failed = this.link.eval(ECHO, ScriptOutputType.VALUE, null, RedisLink.arg(i));
				assertThatThrownBy(() -> Await.result(failed)).isInstanceOf(NullPointerException.class);
			}
			return Await.result(this.link.<byte[]>eval(ECHO, ScriptOutputType.VALUE, new byte[0][], RedisLink.arg(i)));
		}).toList();

		assertThat(answers).extracting(String::new)
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(Integer::toString).toList());
	}

	@Test
	void aCallOnAClosedLinkFails() {
		this.link.close();
		this.link.close();

		assertThatThrownBy(
				() -> Await.result(this.link.eval(ECHO, ScriptOutputType.VALUE, new byte[0][], RedisLink.arg(1))))
			.isInstanceOf(RedisAwayException.class);
	}

}
