package dev.realtime.spring.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When a silent client is pinged, and when it must be gone. */
class NettyTransportTests {

	private static final String PING = "8900";

	private static final long HOUR = TimeUnit.HOURS.toNanos(1);

	private final EmbeddedChannel channel = new EmbeddedChannel();

	@AfterEach
	void close() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void aSilenceShorterThanTheIntervalIsNoReasonToPing() {
		NettyTransport transport = new NettyTransport(this.channel, HOUR, false);
		assertThat(transport.probe(HOUR - 1)).isTrue();
		assertThat(written()).isEmpty();
	}

	@Test
	void aSilenceIsPingedOnceHoweverOftenItIsLookedAt() {
		NettyTransport transport = new NettyTransport(this.channel, HOUR, false);
		assertThat(transport.probe(HOUR)).isTrue();
		assertThat(transport.probe(HOUR + 1)).isTrue();
		assertThat(written()).containsExactly(PING);
	}

	@Test
	void nobodyIsGivenUpWithoutAPingAndTimeToAnswerIt() {
		NettyTransport transport = new NettyTransport(this.channel, HOUR, false);
		assertThat(transport.probe(5 * HOUR)).isTrue();
		assertThat(transport.probe(5 * HOUR)).isTrue();
		assertThat(written()).containsExactly(PING);
	}

	@Test
	void aPingThatWasAnsweredCountsHoweverSeldomThatIsLookedAt() {
		NettyTransport transport = new NettyTransport(this.channel, 1, false);
		for (int i = 0; i < 5; i++) {
			assertThat(transport.probe(1)).isTrue();
		}
		assertThat(written()).containsExactly(PING, PING, PING, PING, PING);
	}

	@Test
	void aPingThatIsNotAnsweredWithinTheIntervalMeansGone() {
		NettyTransport transport = new NettyTransport(this.channel, 1, false);
		assertThat(transport.probe(HOUR)).isTrue();
		assertThat(transport.probe(HOUR)).isFalse();
		assertThat(written()).containsExactly(PING);
	}

	@Test
	void noIntervalMeansNoPings() {
		NettyTransport transport = new NettyTransport(this.channel, 0, false);
		assertThat(transport.probe(HOUR)).isTrue();
		assertThat(written()).isEmpty();
	}

	private List<String> written() {
		List<String> frames = new ArrayList<>();
		for (ByteBuf next = this.channel.readOutbound(); next != null; next = this.channel.readOutbound()) {
			frames.add(ByteBufUtil.hexDump(next));
			next.release();
		}
		return frames;
	}

}
